import { OperatorError, type CredentialProvider } from '@strake/api';
import type { Credential } from './credential';
import type { CredentialStore, Kept } from './credentials';

/** Milliseconds for which an answer is used: requests come in crowds, and tokens of some registries live for minutes only. */
const FRESH = 60_000;

interface Answer {
  readonly until: number;
  readonly credential: Promise<Credential | undefined>;
}

/** Credentials that the embedding program answers for. Nothing is read from this machine, and nothing is kept. */
export class GivenCredentials implements CredentialStore {
  readonly #provider: CredentialProvider;
  readonly #answers = new Map<string, Answer>();

  constructor(provider: CredentialProvider) {
    this.#provider = provider;
  }

  get(registry: string, repository?: string): Promise<Credential | undefined> {
    const key = `${registry}/${repository ?? ''}`;
    const known = this.#answers.get(key);
    if (known !== undefined && known.until > Date.now()) return known.credential;
    const credential = this.#ask(registry, repository);
    this.#answers.set(key, { until: Date.now() + FRESH, credential });
    credential.catch(() => this.#answers.delete(key));
    return credential;
  }

  set(registry: string): Promise<Kept> {
    return refuse(registry, 'logged in to');
  }

  delete(registry: string): Promise<boolean> {
    return refuse(registry, 'logged out of');
  }

  async #ask(registry: string, repository: string | undefined): Promise<Credential | undefined> {
    try {
      const given = await this.#provider(registry, repository);
      if (given === undefined) return undefined;
      if ('identityToken' in given) return { kind: 'identity', token: given.identityToken };
      return 'token' in given ? { kind: 'bearer', token: given.token } : { kind: 'password', username: given.username, password: given.password };
    } catch (cause) {
      // What it threw may hold what nobody should read.
      throw new OperatorError('REGISTRY_DENIED', `the provider of credentials failed for ${registry}`, { cause });
    }
  }
}

function refuse(registry: string, what: string): Promise<never> {
  return Promise.reject(new OperatorError('USAGE', `${registry} cannot be ${what}: this builder has a provider of credentials`, { hint: 'let the provider answer for it' }));
}
