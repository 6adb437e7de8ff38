import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import { Authorizer } from '../auth/authorizer';
import type { Challenge } from '../auth/challenge';
import { apiHost } from '../config/hosts';
import type { Endpoint } from '../config/endpoints';
import type { RegistriesConfig } from '../config/registries-config';
import type { CredentialStore } from '../credentials/credentials';
import { isCertificateError, networkError, statusError, type Subject } from '../http/errors';
import { follow } from '../http/follow';
import { isNobody, isPassing, isPassingStatus, PassingError } from '../http/passing-error';
import { retry, retryAfter, type Patience } from '../http/retry';
import { headerOf, type Call, type Reply, type Transport } from '../http/transport';

/** What the connections of a client share. */
export interface Network {
  readonly transport: Transport;
  readonly config: RegistriesConfig;
  readonly credentials: CredentialStore;
  readonly patience: Omit<Patience, 'signal'>;
}

/** One request to a registry. */
export interface Request extends Omit<Call, 'url'> {
  /** Below `/v2/`, or an address that the registry gave. */
  readonly path: string | URL;
  readonly scopes: readonly string[];
  readonly repository?: string;
  readonly subject: Subject;
  /** Statuses that are answers; all others are errors. */
  readonly expect: readonly number[];
  /** One try only: the caller tries again in its own way. */
  readonly once?: boolean;
}

/** The API of one host: speaks its scheme, answers its challenges, tries again what may pass. */
export class Connection {
  readonly endpoint: Endpoint;
  readonly #network: Network;
  readonly #authorizer: Authorizer;
  #base: Promise<URL> | undefined;

  constructor(endpoint: Endpoint, network: Network) {
    this.endpoint = endpoint;
    this.#network = network;
    const { transport, config, credentials } = network;
    this.#authorizer = new Authorizer({ transport, config, host: endpoint.host, credential: (repository) => credentials.get(endpoint.host, repository) });
  }

  /** Sends a request. Redirects are followed when it only reads. Throws REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE, IMAGE_MISSING, CANCELLED. */
  async send(request: Request): Promise<Reply> {
    const once = (): Promise<Reply> => this.#once(request);
    return request.once === true ? once() : this.retry(once, request.signal);
  }

  /** Tries again what throws a `PassingError`. */
  retry<T>(work: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
    return retry(work, { ...this.#network.patience, signal });
  }

  /** What a failure while bytes came is: passing, or for good. */
  broken(error: unknown, { signal, subject }: Pick<Request, 'signal' | 'subject'>): unknown {
    if (error instanceof StrakeError || error instanceof PassingError) return error;
    if (signal?.aborted === true) return new CancelledError({ cause: error });
    const told = networkError(error, new URL(`https://${apiHost(this.endpoint.host)}`), subject);
    return isPassing(error) ? new PassingError(told) : told;
  }

  /** What the host last challenged with. */
  get challenge(): Challenge | undefined {
    return this.#authorizer.challenge;
  }

  async #once(request: Request): Promise<Reply> {
    const base = await this.#connect(request);
    const url = request.path instanceof URL ? request.path : new URL(`v2/${request.path}`, base);
    const first = await this.#authorized(request, url, base);
    if (first.status !== 401) return this.#judge(first, request);
    const challenge = [first.headers['www-authenticate'] ?? []].flat().join(', ');
    if (url.origin !== base.origin || !this.#authorizer.learn(challenge)) return this.#judge(first, request);
    this.#authorizer.forget(request.scopes);
    await first.body.dump();
    return this.#judge(await this.#authorized(request, url, base), request);
  }

  /** Credentials go to the registry itself, never to an address that it sends us to elsewhere. */
  async #authorized({ method, headers, body, scopes, repository, signal, subject }: Request, url: URL, base: URL): Promise<Reply> {
    const authorization = url.origin === base.origin ? await this.#authorizer.header(scopes, repository, signal) : undefined;
    const call: Call = { method, url, signal, headers: { ...headers, ...(authorization === undefined ? {} : { authorization }) }, ...(body === undefined ? {} : { body }) };
    try {
      return await (method === 'GET' || method === 'HEAD' ? follow(this.#network.transport, call, this.#network.config) : this.#network.transport.send(call));
    } catch (error) {
      throw this.#unanswered(error, url, subject);
    }
  }

  async #judge(reply: Reply, { expect, subject }: Request): Promise<Reply> {
    if (expect.includes(reply.status)) return reply;
    const asked = retryAfter(headerOf(reply, 'retry-after'), Date.now());
    const error = await statusError(reply, subject);
    throw isPassingStatus(reply.status) ? new PassingError(error, asked) : error;
  }

  #unanswered(error: unknown, url: URL, subject: Subject): unknown {
    if (error instanceof PassingError) return error;
    const told = networkError(error, url, subject);
    return isPassing(error) ? new PassingError(told) : told;
  }

  /** Where nobody has answered yet, nobody listens: that does not pass as quickly as a lost connection. */
  #unreached(error: unknown, url: URL, subject: Subject): unknown {
    return isNobody(error) ? networkError(error, url, subject) : this.#unanswered(error, url, subject);
  }

  /** Finds out once which scheme the host speaks, and what it challenges with. */
  #connect(request: Request): Promise<URL> {
    this.#base ??= this.#probe(request).catch((error: unknown) => {
      this.#base = undefined;
      throw error;
    });
    return this.#base;
  }

  async #probe(request: Request): Promise<URL> {
    const host = apiHost(this.endpoint.host);
    const [first = 'https', ...others] = this.endpoint.schemes;
    try {
      return await this.#ping(new URL(`${first}://${host}/`), request);
    } catch (error) {
      const [other] = others;
      // Whoever names an authority for a host wants it to be asked for.
      if (other === undefined || error instanceof StrakeError || isCertificateError(error)) throw this.#unreached(error, new URL(`${first}://${host}`), request.subject);
      return this.#ping(new URL(`${other}://${host}/`), request).catch((second: unknown) => {
        throw this.#unreached(second, new URL(`${other}://${host}`), request.subject);
      });
    }
  }

  async #ping(base: URL, { signal }: Request): Promise<URL> {
    const reply = await this.#network.transport.send({ method: 'GET', url: new URL('v2/', base), signal });
    const challenge = [reply.headers['www-authenticate'] ?? []].flat().join(', ');
    reply.body.on('error', () => undefined).destroy();
    // What servers of HTTPS say to plain HTTP; nothing below `v2/` is asked so that it could be wrong.
    if (base.protocol === 'http:' && reply.status === 400 && this.endpoint.schemes.length > 1) throw new Error('the server wants HTTPS');
    if (reply.status === 401) this.#authorizer.learn(challenge);
    return base;
  }
}

/** The error for something that a registry answered wrongly. */
export function wrongAnswer(host: string, what: string): OperatorError {
  return new OperatorError('REGISTRY_FAILED', `${host} answers wrongly: ${what}`);
}
