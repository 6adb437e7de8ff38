import { Agent, ProxyAgent, request, type Dispatcher } from 'undici';
import { Readable } from 'node:stream';
import { CancelledError } from '@strake/api';
import type { RegistriesConfig } from '../config/registries-config';
import { proxyFor } from './proxy';
import { tlsFor } from './tls';

/** What is sent: bytes, or a stream of them. A chunk of a generator has left this process, or is in the system's hands, when the next one is asked for. */
export type RequestBody = Buffer | Readable | AsyncGenerator<Buffer, void, undefined>;

/** One request. `body` is called for each try. */
export interface Call {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH';
  readonly url: URL;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: () => RequestBody;
  readonly signal?: AbortSignal | undefined;
}

/** What came back. The body must be read or dumped. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Dispatcher.ResponseData['body'];
  /** After redirects. */
  readonly url: URL;
}

/** Milliseconds: to connect; for an answer to begin; between two pieces of it. */
const TIMES = { connect: 30_000, headers: 300_000, body: 60_000 } as const;

/** Sends requests: connections are kept and used again; certificates and proxies are those of each host. */
export class Transport {
  readonly #config: RegistriesConfig;
  readonly #env: NodeJS.ProcessEnv;
  readonly #dispatchers = new Map<string, Dispatcher>();

  constructor(config: RegistriesConfig, env: NodeJS.ProcessEnv) {
    this.#config = config;
    this.#env = env;
  }

  /** Sends once and follows nothing. Throws CANCELLED, CONFIG_INVALID, and the system's or undici's error. */
  async send({ method, url, headers = {}, body, signal }: Call): Promise<Reply> {
    if (isAborted(signal)) throw new CancelledError();
    const content = body?.();
    try {
      const { statusCode, headers: answered, body: answer } = await request(url, {
        method, headers: { 'user-agent': 'strake', ...headers }, dispatcher: this.#dispatcher(url), body: sendable(content), signal: signal ?? null,
      });
      return { status: statusCode, headers: answered, body: answer, url };
    } catch (error) {
      if (content instanceof Readable) content.destroy();
      throw isAborted(signal) ? new CancelledError({ cause: error }) : error;
    }
  }

  /** Ends all connections. */
  async close(): Promise<void> {
    const all = [...this.#dispatchers.values()];
    this.#dispatchers.clear();
    await Promise.all(all.map((one) => one.destroy()));
  }

  #dispatcher(url: URL): Dispatcher {
    const known = this.#dispatchers.get(url.origin);
    if (known !== undefined) return known;
    const made = this.#make(url);
    this.#dispatchers.set(url.origin, made);
    return made;
  }

  #make(url: URL): Dispatcher {
    const tls = url.protocol === 'https:' ? { ...tlsFor(url.host, this.#config, this.#env) } : {};
    const proxy = proxyFor(url, this.#env);
    const options = { connectTimeout: TIMES.connect, headersTimeout: TIMES.headers, bodyTimeout: TIMES.body, pipelining: 1, connections: 16 };
    if (proxy === undefined) return new Agent({ ...options, connect: { ...tls, timeout: TIMES.connect } });
    const { origin, username, password } = new URL(proxy);
    const token = username === '' ? {} : { token: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString('base64')}` };
    return new ProxyAgent({ ...options, uri: origin, ...token, requestTls: tls, proxyTunnel: url.protocol === 'https:' });
  }
}

/** undici sends whatever can be iterated, and waits for each chunk to leave; its types name streams alone. */
function sendable(content: RequestBody | undefined): Buffer | Readable | null {
  return (content as Buffer | Readable | undefined) ?? null;
}

const isAborted = (signal: AbortSignal | undefined): boolean => signal?.aborted === true;

/** A header's one value. */
export function headerOf({ headers }: Reply, name: string): string | undefined {
  const value = headers[name];
  return typeof value === 'string' ? value : value?.[0];
}
