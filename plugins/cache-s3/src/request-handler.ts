import type { Call, Reply } from '@strake/registry';
import { Readable } from 'node:stream';

/** What of @strake/registry moves requests: its proxies, authorities, limits of time and kept connections. */
export interface Sender {
  send(call: Call): Promise<Reply>;
}

/** Whether an error of the network may be over soon. */
export type IsPassing = (error: unknown) => boolean;

/** A request as AWS's libraries make it. */
export interface SdkRequest {
  readonly protocol: string;
  readonly hostname: string;
  readonly port?: number | undefined;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly query?: Readonly<Record<string, string | readonly string[] | null>> | undefined;
  readonly body?: unknown;
}

/** An answer as they take it. */
export interface SdkResponse {
  readonly statusCode: number;
  readonly headers: Record<string, string>;
  readonly body: Readable;
}

/** Milliseconds until an answer begins. */
const ANSWER_WITHIN = 20_000;
/** What is sent takes its time. */
const SENT_WITHIN = 300_000;
/** Answers that are no object: lists, errors. */
const MOST_ANSWER_BYTES = 1 << 20;

/** Lets AWS's libraries send by our transport. Follows no redirect: what is signed is for one host. */
export class RequestHandler {
  readonly metadata = { handlerProtocol: 'http/1.1' };
  readonly #sender: Sender;
  readonly #isPassing: IsPassing;
  readonly #answerWithin: number;

  constructor(sender: Sender, isPassing: IsPassing, answerWithin = ANSWER_WITHIN) {
    this.#sender = sender;
    this.#isPassing = isPassing;
    this.#answerWithin = answerWithin;
  }

  async handle(request: SdkRequest, { abortSignal }: { readonly abortSignal?: unknown } = {}): Promise<{ readonly response: SdkResponse }> {
    const body = bodyOf(request.body);
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), body === undefined ? this.#answerWithin : SENT_WITHIN);
    const given = abortSignal instanceof AbortSignal ? [abortSignal] : [];
    try {
      const reply = await this.#sender.send({ method: request.method as Call['method'], url: urlOf(request), headers: headersOf(request), signal: AbortSignal.any([late.signal, ...given]), ...(body === undefined ? {} : { body: () => body }) });
      return { response: { statusCode: reply.status, headers: flat(reply), body: isObject(request, reply) ? reply.body : await limited(reply) } };
    } catch (error) {
      throw late.signal.aborted ? passing('the server does not answer', error) : this.#isPassing(error) ? passing(messageOf(error), error) : error;
    } finally {
      clearTimeout(timer);
    }
  }

  updateHttpClientConfig(): void {}

  httpHandlerConfigs(): Record<string, never> {
    return {};
  }

  destroy(): void {}
}

/** By this name AWS's libraries know what is worth another try. */
function passing(message: string, cause: unknown): Error {
  return Object.assign(new Error(message, { cause }), { name: 'TimeoutError' });
}

/** Where undici wraps errors, the innermost says what happened. */
function messageOf(error: unknown): string {
  const { message, cause, errors } = error as { readonly message?: string; readonly cause?: unknown; readonly errors?: readonly unknown[] };
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? messageOf(inner) : message || String(error);
}

function bodyOf(body: unknown): Buffer | undefined {
  if (body === undefined || body === null || body === '') return undefined;
  if (typeof body === 'string') return Buffer.from(body);
  if (body instanceof Uint8Array) return Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  throw new TypeError('only bytes and texts are sent');
}

function urlOf({ protocol, hostname, port, path, query = {} }: SdkRequest): URL {
  const pairs = Object.entries(query).flatMap(([name, value]) => (value === null ? [escaped(name)] : [value].flat().map((one) => `${escaped(name)}=${escaped(one)}`)));
  return new URL(`${protocol}//${hostname}${port === undefined ? '' : `:${port}`}${path}${pairs.length === 0 ? '' : `?${pairs.join('&')}`}`);
}

/** As signatures have it: RFC 3986, nothing else left as it is. */
function escaped(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The transport sends everything at once, so that nobody need wait for a leave to continue. */
function headersOf({ headers }: SdkRequest): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !/^(?:expect|transfer-encoding)$/i.test(name)));
}

function flat({ headers }: Reply): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, [value].flat().join(', ')]])));
}

const isObject = ({ method }: SdkRequest, { status }: Reply): boolean => method === 'GET' && (status === 200 || status === 206);

async function limited({ body }: Reply): Promise<Readable> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MOST_ANSWER_BYTES) {
      body.destroy();
      break;
    }
    chunks.push(chunk);
  }
  return Readable.from([Buffer.concat(chunks)], { objectMode: false });
}
