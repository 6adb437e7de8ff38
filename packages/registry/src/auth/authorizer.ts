import { OperatorError } from '@strake/api';
import type { RegistriesConfig } from '../config/registries-config';
import type { Credential } from '../credentials/credential';
import type { Transport } from '../http/transport';
import { parseChallenges, type Challenge } from './challenge';
import { basic, fetchToken, type Token } from './token';

/** What an authoriser works with. */
export interface AuthorizerParts {
  readonly transport: Transport;
  readonly config: RegistriesConfig;
  /** Whose host it is: the only one whose credential is used. */
  readonly host: string;
  credential(repository: string | undefined): Promise<Credential | undefined>;
}

/** Makes the `Authorization` of requests to one host, by what it challenged with. Tokens are used again until they expire. */
export class Authorizer {
  readonly #parts: AuthorizerParts;
  readonly #tokens = new Map<string, Promise<Token>>();
  #challenge: Challenge | undefined;

  constructor(parts: AuthorizerParts) {
    this.#parts = parts;
  }

  /** What was learned last. */
  get challenge(): Challenge | undefined {
    return this.#challenge;
  }

  /** Learns from an answer with status 401; false when it says nothing that we can do. */
  learn(header: string): boolean {
    const challenges = parseChallenges(header);
    const usable = challenges.find(({ scheme, parameters }) => scheme === 'bearer' && parameters['realm'] !== undefined) ?? challenges.find(({ scheme }) => scheme === 'basic');
    if (usable !== undefined) this.#challenge = usable;
    return usable !== undefined;
  }

  /** The header's value for a request on a repository; undefined before any challenge, and where there is no credential for Basic. */
  async header(scopes: readonly string[], repository: string | undefined, signal: AbortSignal | undefined): Promise<string | undefined> {
    if (this.#challenge === undefined) return undefined;
    const credential = await this.#parts.credential(repository);
    if (credential?.kind === 'bearer') return `Bearer ${credential.token}`;
    if (this.#challenge.scheme === 'basic') return credential === undefined ? undefined : basic(this.#named(credential));
    return `Bearer ${(await this.#token(scopes, credential, signal)).value}`;
  }

  /** Forgets a token that was refused. */
  forget(scopes: readonly string[]): void {
    this.#tokens.delete(scopes.join(' '));
  }

  async #token(scopes: readonly string[], credential: Credential | undefined, signal: AbortSignal | undefined): Promise<Token> {
    const key = scopes.join(' ');
    for (let running = this.#tokens.get(key); running !== undefined; running = this.#tokens.get(key)) {
      const known = await running.catch(() => undefined);
      if (known !== undefined && known.expires > Date.now()) return known;
      if (this.#tokens.get(key) === running) this.#tokens.delete(key);
    }
    const { transport, config, host } = this.#parts;
    const { realm = '', service } = this.#challenge?.parameters ?? {};
    const asked = fetchToken(transport, config, { registry: host, realm, service, scopes, credential, signal });
    this.#tokens.set(key, asked);
    asked.catch(() => this.#tokens.delete(key));
    return asked;
  }

  #named(credential: Credential): { readonly username: string; readonly password: string } {
    if (credential.kind === 'password') return credential;
    throw new OperatorError('REGISTRY_DENIED', `${this.#parts.host} wants a name and a password, but only a token is known for it`, { hint: `Log in with "strake login ${this.#parts.host}".` });
  }
}
