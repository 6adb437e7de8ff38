import { OperatorError, type CacheBlob, type CacheWriter } from '@strake/api';
import { Turns } from '@strake/oci';
import { randomBytes } from 'node:crypto';
import type { ReservedEntry } from './cache-service';
import { GhaConnection, throwIfCancelled, type Connected, type GhaParts } from './gha-connection';
import { blobKey, indexKey } from './keys';
import { listKeys } from './list-keys';
import type { GhaSettings } from './settings';

/** The service counts requests, and uploads most of all. */
const LAYERS_AT_ONCE = 4;

/** Writes a cache into the service: each layer an entry whose key is its digest, then the document under a new key. An entry is seen when it is finished. */
export class GhaWriter implements CacheWriter {
  readonly name: string;
  readonly #settings: GhaSettings;
  readonly #connection: GhaConnection;
  readonly #turns = new Turns(LAYERS_AT_ONCE);
  #known: Promise<ReadonlySet<string>> | undefined;

  /** Throws USAGE where there is no service: what a build makes would be lost at its end. */
  constructor(settings: GhaSettings, parts: GhaParts) {
    if (settings.access instanceof Error) throw settings.access;
    this.name = `gha ${settings.scope}`;
    this.#settings = settings;
    this.#connection = new GhaConnection(settings, parts);
  }

  put(blob: CacheBlob, given: AbortSignal): Promise<'done' | 'exists'> {
    return this.#turns.take(async () => {
      throwIfCancelled(given);
      const signal = this.#connection.limited(given);
      const connected = await this.#connection.open();
      const key = blobKey(blob.descriptor.digest);
      if (await this.#has(key, connected, signal)) return 'exists';
      await this.#write(await this.#reserve(key, connected, signal), blob.open(), blob.descriptor.size, signal);
      return 'done';
    });
  }

  async commit(document: Buffer, _layers: unknown, given: AbortSignal): Promise<void> {
    const signal = this.#connection.limited(given);
    const connected = await this.#connection.open();
    const entry = await this.#reserve(`${indexKey(this.#settings.scope, branchOf(connected))}${Date.now()}`, connected, signal);
    await this.#write(entry, only(document), document.length, signal);
  }

  close(): Promise<void> {
    return this.#connection.close();
  }

  async #has(key: string, { service, calls, scopes }: Connected, signal: AbortSignal): Promise<boolean> {
    const { listing } = this.#settings;
    if (listing === undefined) return (await service.find(key, signal)) !== undefined;
    const known = await (this.#known ??= listKeys(listing, { calls, scopes, prefix: blobKey('sha256:'), signal }));
    return known.has(key) || [...known].some((one) => one.startsWith(key));
  }

  /** A key that is taken though nobody sees its entry is that of an upload that was broken off, or of somebody who uploads now: another one serves as well. */
  async #reserve(key: string, connected: Connected, signal: AbortSignal): Promise<ReservedEntry> {
    branchOf(connected);
    for (const name of [key, `${key}.${randomBytes(6).toString('hex')}`]) {
      const entry = await connected.service.reserve(name, signal);
      if (entry !== 'taken') return entry;
    }
    throw new OperatorError('CACHE_FAILED', `the cache service says that ${key} is taken, and so is every other key`);
  }

  async #write(entry: ReservedEntry, content: AsyncIterable<Buffer>, size: number, signal: AbortSignal): Promise<void> {
    await entry.upload(content, size, signal);
    await entry.finish(size, signal);
  }
}

/** Where entries are written. Throws CACHE_DENIED. */
function branchOf({ scopes }: Connected): string {
  const writable = scopes.find(({ writes }) => writes);
  if (writable !== undefined) return writable.scope;
  throw new OperatorError('CACHE_DENIED', 'the token for the cache service may only read', { hint: 'That of a pull request from a fork may not write. Leave out --cache-to there, or add ignore-error=true.' });
}

async function* only(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
