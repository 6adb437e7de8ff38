import { OperatorError, type CacheReader, type Descriptor } from '@strake/api';
import { MAX_JSON_BYTES } from '@strake/oci';
import { download } from './download';
import { GhaConnection, type GhaParts } from './gha-connection';
import { blobKey, indexKey } from './keys';
import type { GhaSettings } from './settings';

/** Caches of the branch, and of those whose entries it may read. Nothing that comes from there is believed before its digest is verified. */
export class GhaReader implements CacheReader {
  readonly name: string;
  readonly #scope: string;
  readonly #connection: GhaConnection;

  constructor(settings: GhaSettings, parts: GhaParts) {
    this.name = `gha ${settings.scope}`;
    this.#scope = settings.scope;
    this.#connection = new GhaConnection(settings, parts);
  }

  async read(given: AbortSignal): Promise<readonly Buffer[]> {
    const signal = this.#connection.limited(given);
    const { scopes } = await this.#connection.open();
    const found = await Promise.all(scopes.map(({ scope }) => this.#document(indexKey(this.#scope, scope), signal)));
    return found.filter((one) => one !== undefined);
  }

  async *open({ digest }: Descriptor, given: AbortSignal): AsyncGenerator<Buffer> {
    const signal = this.#connection.limited(given);
    const { service, calls } = await this.#connection.open();
    const entry = await service.find(blobKey(digest), signal);
    if (entry === undefined) throw new OperatorError('IMAGE_MISSING', `the cache service does not have ${digest}`, { hint: 'It removes old entries when a repository has too many. Write the cache again with --cache-to.' });
    yield* download({ service, calls, entry, signal });
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #document(prefix: string, signal: AbortSignal): Promise<Buffer | undefined> {
    const { service, calls } = await this.#connection.open();
    const entry = await service.find(prefix, signal);
    if (entry === undefined) return undefined;
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of download({ service, calls, entry, signal })) {
      size += chunk.length;
      if (size > MAX_JSON_BYTES) throw new OperatorError('IMAGE_INVALID', `${entry.key} in the cache service has more than the ${MAX_JSON_BYTES} bytes that are read`);
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  }
}
