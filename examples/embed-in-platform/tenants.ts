import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import type { Platform } from './platform';

/** A builder for each tenant, with a store, credentials and turns of its own: made when the tenant first builds. */
export class Tenants {
  readonly #builders = new Map<string, Promise<Builder>>();

  constructor(private readonly platform: Platform) {}

  builderOf(tenant: string): Promise<Builder> {
    const known = this.#builders.get(tenant);
    if (known !== undefined) return known;
    const builder = createBuilder({
      store: join(this.platform.folder, 'stores', tenant),
      credentials: (host) => this.platform.credentials(tenant, host),
      parallelism: this.platform.stepsOfTenant,
      // Proxies and the like would come from here: the service's own environment is no business of its tenants.
      env: {},
    });
    this.#builders.set(tenant, builder);
    // A store that could not be opened may be there the next time.
    builder.catch(() => this.#builders.delete(tenant));
    return builder;
  }

  /** Waits for what is being built, and lets go of the stores. */
  async close(): Promise<void> {
    const made = await Promise.allSettled(this.#builders.values());
    await Promise.all(made.flatMap((one) => (one.status === 'fulfilled' ? [one.value.close()] : [])));
  }
}
