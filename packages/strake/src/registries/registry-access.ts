import type { CredentialProvider, RegistryCredential } from '@strake/api';
import type { RegistriesConfig, RegistryClient } from '@strake/registry';
import type { Store } from '@strake/oci';

/** What the client of registries is made with. */
export interface RegistryAccessParts {
  readonly env: NodeJS.ProcessEnv;
  readonly credentials?: CredentialProvider | undefined;
}

/** The client of registries of one builder: loaded and made when somebody first asks for it, so that what needs no registry does not pay for one. */
export class RegistryAccess {
  #registries: RegistriesConfig | undefined;
  readonly #parts: RegistryAccessParts;
  #client: Promise<RegistryClient> | undefined;

  constructor(registries: RegistriesConfig | undefined, parts: RegistryAccessParts) {
    this.#registries = registries;
    this.#parts = parts;
  }

  /** `insecure` are hosts that may be so from now on. Throws CONFIG_INVALID. */
  client(insecure: readonly string[] = []): Promise<RegistryClient> {
    this.allow(insecure);
    this.#client ??= import('@strake/registry').then(({ createRegistryClient }) => createRegistryClient({ registries: this.#registries, ...this.#parts }));
    return this.#client;
  }

  /** Hosts that may be insecure from now on. */
  allow(insecure: readonly string[]): void {
    if (insecure.every((host) => this.#registries?.insecure?.includes(host))) return;
    this.#registries = { ...this.#registries, insecure: [...(this.#registries?.insecure ?? []), ...insecure] };
    const old = this.#client;
    this.#client = undefined;
    old?.then((client) => client.close()).catch(() => undefined);
  }

  /** Who asks a registry, as its own API and a Docker Engine want it. */
  async credential(host: string, repository: string): Promise<RegistryCredential | { readonly identityToken: string } | undefined> {
    return (await this.client()).credential(host, repository);
  }

  /** Lets a store have the blobs that it lacks. */
  serve(store: Store): void {
    store.remote.bringWith(async (descriptor, repositories, options) => (await this.client()).bringInto(store)(descriptor, repositories, options));
  }

  async close(): Promise<void> {
    const client = await this.#client?.catch(() => undefined);
    this.#client = undefined;
    await client?.close();
  }
}
