import type { Descriptor, Digest } from '@strake/api';
import { Records } from './records';
import type { StoreFiles } from './store-files';

/** An image that the store knows, named or not. */
export interface ImageRecord {
  /** The config's digest. */
  readonly id: Digest;
  readonly manifest: Descriptor;
  /** RFC 3339: when it came into the store. */
  readonly created: string;
}

/** Every image of a store by its ID. */
export class Images {
  readonly #records: Records<Omit<ImageRecord, 'id'>>;

  constructor(files: StoreFiles) {
    this.#records = new Records(files, 'images');
  }

  get(id: Digest): ImageRecord | undefined {
    const record = this.#records.get(id);
    return record === undefined ? undefined : { id, ...record };
  }

  put(id: Digest, manifest: Descriptor): void {
    this.#records.set(id, { manifest, created: new Date().toISOString() });
  }

  delete(id: Digest): void {
    this.#records.delete(id);
  }

  /** Newest first. */
  list(): readonly ImageRecord[] {
    const all = this.#records.list().map(([id, record]) => ({ id, ...record }));
    return all.sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : a.id < b.id ? -1 : 1));
  }
}
