import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import type { Call, Reply } from '@strake/registry';

/** What is used of @strake/registry, which is loaded when the service is asked. */
export interface Http {
  readonly Transport: new (config: object, env: NodeJS.ProcessEnv) => Sender;
  readonly PassingError: new (final: unknown, retryAfter?: number) => Error & { readonly final: unknown; readonly retryAfter: number | undefined };
  readonly reallyWait: (milliseconds: number, signal: AbortSignal | undefined) => Promise<void>;
  readonly isPassing: (error: unknown) => boolean;
  readonly isPassingStatus: (status: number) => boolean;
  readonly retryAfter: (header: string | undefined, now: number) => number | undefined;
  readonly headerOf: (reply: Reply, name: string) => string | undefined;
  readonly readLimited: (reply: Reply, limit: number, what: string) => Promise<Buffer>;
  readonly readSome: (reply: Reply, limit: number) => Promise<string>;
  readonly printable: (text: string) => string;
}

interface Sender {
  send(call: Call): Promise<Reply>;
  close(): Promise<void>;
}

/** A question. */
export interface Question {
  readonly method: Call['method'];
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer;
  readonly signal: AbortSignal;
  /** For people: `look for a layer`. */
  readonly what: string;
  /** Statuses that are answers, besides those of success. */
  readonly answers?: readonly number[];
}

/** What calls are made with. */
export interface CallsOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Milliseconds in which the service may make us wait. */
  readonly timeout: number;
  readonly wait?: ((milliseconds: number, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** What must not be in a message. */
  readonly secrets: readonly string[];
}

/** Milliseconds until an answer begins; what is sent takes its time. */
const ANSWER_WITHIN = 30_000;
const SENT_WITHIN = 300_000;
/** Tries for what gives no answer. */
const ATTEMPTS = 4;
const FIRST_WAIT = 500;
const LONGEST_WAIT = 30_000;
const MOST_MESSAGE_BYTES = 64 << 10;

/** Asks servers, again where that may help, and explains what they say. Follows no redirect: what lets us in is for one host. */
export class Calls {
  readonly #http: Http;
  readonly #transport: Sender;
  readonly #options: CallsOptions;

  constructor(http: Http, options: CallsOptions) {
    this.#http = http;
    this.#transport = new http.Transport({}, options.env);
    this.#options = options;
  }

  /** Asks until there is an answer, it is hopeless, or the time is over; the body of what is answered must be read. Throws CACHE_DENIED, CACHE_FAILED, CACHE_UNREACHABLE, CANCELLED. */
  async ask(question: Question): Promise<Reply> {
    const end = Date.now() + this.#options.timeout;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#once(question);
      } catch (error) {
        if (!(error instanceof this.#http.PassingError)) throw error;
        const asked = error.retryAfter;
        const wait = asked ?? Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempt - 1)) * (0.75 + Math.random() / 2);
        if ((asked === undefined && attempt >= ATTEMPTS) || Date.now() + wait > end) throw error.final;
        await (this.#options.wait ?? this.#http.reallyWait)(wait, question.signal);
      }
    }
  }

  /** Asks for a small JSON document; undefined where there is no content. */
  async json(question: Question): Promise<{ readonly status: number; readonly document: Readonly<Record<string, unknown>> }> {
    const reply = await this.ask(question);
    const bytes = await this.#http.readLimited(reply, 1 << 20, 'an answer');
    const document = parsed(bytes.toString());
    if (reply.status < 300 && bytes.length > 0 && document === undefined) throw new OperatorError('CACHE_FAILED', `${question.url.host} answered with something that makes no sense, asked to ${question.what}`);
    return { status: reply.status, document: document ?? {} };
  }

  /** Whether a failure of a body may be over soon, and the wait before the next try. */
  async again(error: unknown, failures: number, signal: AbortSignal): Promise<boolean> {
    if (signal.aborted || failures >= ATTEMPTS || !this.#http.isPassing(error)) return false;
    await (this.#options.wait ?? this.#http.reallyWait)(FIRST_WAIT * 2 ** failures, signal);
    return true;
  }

  /** A failure of the network, told. Errors of strake's own pass. */
  unreachable(error: unknown, { url, what, signal }: Pick<Question, 'url' | 'what' | 'signal'>): unknown {
    if (signal.aborted && !(signal.reason instanceof OperatorError)) return new CancelledError({ cause: error });
    if (signal.reason instanceof OperatorError) return signal.reason;
    if (error instanceof StrakeError) return error;
    return new OperatorError('CACHE_UNREACHABLE', `cannot reach ${url.host} to ${what}: ${this.clean(messageOf(error))}`, { hint: 'Check the connection of the runner; behind a proxy set HTTPS_PROXY.', cause: error });
  }

  /** A text without secrets and control characters. */
  clean(text: string): string {
    return this.#http.printable(this.#options.secrets.reduce((left, secret) => left.replaceAll(secret, '…'), text));
  }

  close(): Promise<void> {
    return this.#transport.close();
  }

  async #once(question: Question): Promise<Reply> {
    const { method, url, headers = {}, body, signal, answers = [] } = question;
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), body === undefined || body.length < 1 << 20 ? ANSWER_WITHIN : SENT_WITHIN);
    try {
      const reply = await this.#transport.send({ method, url, headers, signal: AbortSignal.any([signal, late.signal]), ...(body === undefined ? {} : { body: () => body }) });
      if ((reply.status >= 200 && reply.status < 300) || answers.includes(reply.status)) return reply;
      const failure = this.#statusError(reply, await this.#http.readSome(reply, MOST_MESSAGE_BYTES), question);
      throw this.#http.isPassingStatus(reply.status) ? new this.#http.PassingError(failure, this.#http.retryAfter(this.#http.headerOf(reply, 'retry-after'), Date.now())) : failure;
    } catch (error) {
      if (error instanceof this.#http.PassingError) throw error;
      if (late.signal.aborted && !signal.aborted) throw new this.#http.PassingError(this.unreachable(new Error('it does not answer'), question));
      const failure = this.unreachable(error, question);
      throw !signal.aborted && this.#http.isPassing(error) ? new this.#http.PassingError(failure) : failure;
    } finally {
      clearTimeout(timer);
    }
  }

  #statusError({ status }: Reply, text: string, { url, what }: Question): OperatorError {
    const said = this.clean(saidBy(text));
    const answer = said === '' ? `HTTP status ${status}` : said;
    if (status === 401 || status === 403) return new OperatorError('CACHE_DENIED', `${url.host} does not let us ${what}: ${answer}`, { hint: 'A token is good for one job, and a pull request from a fork may only read.' });
    if (status === 429) return new OperatorError('CACHE_FAILED', `${url.host} has had too many requests: ${answer}`, { hint: 'Give repository and ghtoken, so that fewer are needed, or a longer timeout.' });
    if (status >= 300 && status < 400) return new OperatorError('CACHE_FAILED', `${url.host} sends elsewhere, asked to ${what}`, { hint: 'Check url and url_v2.' });
    return new OperatorError('CACHE_FAILED', `${url.host} failed to ${what} (HTTP status ${status})${said === '' ? '' : `: ${said}`}`);
  }
}

/** Twirp's, GitHub's and Azure's words. */
function saidBy(text: string): string {
  const { msg, message } = (parsed(text) ?? {}) as { readonly msg?: unknown; readonly message?: unknown };
  const said = [msg, message].find((one) => typeof one === 'string');
  if (said !== undefined) return String(said);
  return /<Code>(\w{1,100})<\/Code>/.exec(text)?.[1] ?? (/^\s*[<{]/.test(text) ? '' : text);
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined;
  } catch {
    return undefined;
  }
}

/** Where undici wraps errors, the innermost says what happened. */
function messageOf(error: unknown): string {
  const { message, cause, errors } = error as { readonly message?: string; readonly cause?: unknown; readonly errors?: readonly unknown[] };
  const inner = cause ?? errors?.[0];
  return inner instanceof Error ? messageOf(inner) : message || String(error);
}
