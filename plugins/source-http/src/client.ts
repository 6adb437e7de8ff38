import { CancelledError, DockerfileError, OperatorError, printableUrl, StrakeError } from '@strake/api';
import type { Patience, Reply } from '@strake/registry';
import { headerOf } from './header-of';

/** What is used of @strake/registry, which is loaded when somebody is asked. */
export interface Library {
  readonly Transport: new (config: object, env: NodeJS.ProcessEnv) => Sender;
  readonly PassingError: new (final: unknown, retryAfter?: number) => Error;
  readonly reallyWait: Patience['wait'];
  readonly retry: <T>(work: () => Promise<T>, patience: Patience) => Promise<T>;
  readonly isPassing: (error: unknown) => boolean;
  readonly isPassingStatus: (status: number) => boolean;
  readonly retryAfter: (header: string | undefined, now: number) => number | undefined;
  readonly printable: (text: string) => string;
}

interface Sender {
  send(call: { readonly method: 'GET'; readonly url: URL; readonly headers: Readonly<Record<string, string>>; readonly signal: AbortSignal }): Promise<Reply>;
}

/** One question. */
export interface Question {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** The value of `Authorization`, for the URL's own host only. */
  readonly authorization?: string;
  readonly signal: AbortSignal;
}

/** Asks servers for files. */
export interface Client {
  /** Tries until `read` has read an answer of success (200, 304), or it is hopeless. Throws SOURCE_MISSING, SOURCE_DENIED, SOURCE_UNREACHABLE, CANCELLED. */
  get<T>(question: Question, read: (reply: Reply) => Promise<T>): Promise<T>;
}

const ATTEMPTS = 4;
const MOST_REDIRECTS = 10;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

/** Makes a client: proxies and authorities are those of the environment. */
export function createClient(library: Library, env: NodeJS.ProcessEnv, wait: Patience['wait'] = library.reallyWait): Client {
  const transport = new library.Transport({}, env);
  return {
    get: (question, read) => library.retry(() => attempt(library, transport, question, read), { attempts: ATTEMPTS, signal: question.signal, wait }),
  };
}

async function attempt<T>(library: Library, transport: Sender, question: Question, read: (reply: Reply) => Promise<T>): Promise<T> {
  const { PassingError, isPassing, isPassingStatus, retryAfter } = library;
  try {
    const reply = await follow(transport, question);
    if (reply.status === 200 || reply.status === 304) return await read(reply);
    await reply.body.dump();
    const failure = statusError(reply, question.url);
    throw isPassingStatus(reply.status) ? new PassingError(failure, retryAfter(headerOf(reply, 'retry-after'), Date.now())) : failure;
  } catch (error) {
    if (question.signal.aborted) throw new CancelledError({ cause: error });
    if (error instanceof StrakeError || error instanceof PassingError) throw error;
    const failure = unreachable(library.printable(innermost(error)), error, question.url);
    throw isPassing(error) ? new PassingError(failure) : failure;
  }
}

/** Follows redirects. What lets us in at one host is told to no other one, nor to the same without encryption. */
async function follow(transport: Sender, { url: written, headers, authorization, signal }: Question): Promise<Reply> {
  const first = new URL(written);
  let url = withoutCredentials(first);
  for (let hops = 0; hops <= MOST_REDIRECTS; hops += 1) {
    const trusted = url.hostname === first.hostname && url.port === first.port && url.protocol === first.protocol;
    const known = trusted && authorization !== undefined ? { authorization } : {};
    const reply = await transport.send({ method: 'GET', url, headers: { 'accept-encoding': 'identity', ...headers, ...known }, signal });
    const location = headerOf(reply, 'location');
    if (!REDIRECTS.has(reply.status) || location === undefined) return reply;
    await reply.body.dump();
    url = next(location, url, written);
  }
  throw new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(written)} redirects more than ${MOST_REDIRECTS} times`);
}

function next(location: string, from: URL, written: string): URL {
  const url = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(written)} redirects to an address that is none`);
  if (from.protocol === 'https:' && url.protocol === 'http:') throw new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(written)} redirects to ${url.origin}, in plain HTTP`);
  return withoutCredentials(url);
}

function withoutCredentials(url: URL): URL {
  const plain = new URL(url);
  plain.username = '';
  plain.password = '';
  return plain;
}

function statusError({ status, url }: Reply, written: string): StrakeError {
  const shown = printableUrl(written);
  const answer = `HTTP status ${status}`;
  if (status === 404 || status === 410) return new DockerfileError('SOURCE_MISSING', `${shown} does not exist: ${answer}`, { at: written });
  if (status === 401 || status === 403 || status === 407) {
    return new OperatorError('SOURCE_DENIED', `${shown} may not be read: ${answer}`, { at: written, hint: `Give the secret HTTP_AUTH_TOKEN_${url.hostname} (a bearer token) or HTTP_AUTH_HEADER_${url.hostname} (the whole header).` });
  }
  return new OperatorError('SOURCE_UNREACHABLE', `${shown} cannot be read: ${answer}`, { at: written });
}

function unreachable(said: string, cause: unknown, written: string): OperatorError {
  const { host } = new URL(written);
  return new OperatorError('SOURCE_UNREACHABLE', `${printableUrl(written)} cannot be reached: ${said}`, { at: written, hint: `Check the name ${host} and the connection; behind a proxy set HTTPS_PROXY.`, cause });
}

/** Where undici and Node wrap errors, the innermost says what happened. */
function innermost(error: unknown): string {
  const { code, message = String(error), cause, errors } = error as { code?: string; message?: string; cause?: unknown; errors?: readonly unknown[] };
  if (cause instanceof Error) return innermost(cause);
  if (errors?.[0] instanceof Error) return innermost(errors[0]);
  return message === '' ? String(code) : message;
}
