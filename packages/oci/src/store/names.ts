import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import type { StoreFiles } from './store-files';

/** A tag: what a reference stands for. */
export interface NameRecord {
  /** Normalised: `docker.io/library/app:latest`. */
  readonly name: string;
  readonly manifest: Descriptor;
  /** RFC 3339: when the name was last set. */
  readonly created: string;
}

/** The named images of a store. Names are normalised references; this table does not change them. */
export class Names {
  readonly #files: StoreFiles;

  constructor(files: StoreFiles) {
    this.#files = files;
  }

  get(name: string): NameRecord | undefined {
    return this.#files.readRecord('names', fileName(name));
  }

  /** Gives an image a name; an image that had it loses it. */
  set(name: string, manifest: Descriptor): void {
    const record: NameRecord = { name, manifest, created: new Date().toISOString() };
    this.#files.writeRecord(record, 'names', fileName(name));
  }

  delete(name: string): void {
    this.#files.remove('names', fileName(name));
  }

  /** Sorted by name. */
  list(): readonly NameRecord[] {
    const records = this.#files.list('names').map((file) => this.#files.readRecord<NameRecord>('names', file));
    return records.filter((record) => record !== undefined).sort((a, b) => (a.name < b.name ? -1 : 1));
  }
}

/** File systems allow 255 bytes; a longer name is filed under its digest. */
function fileName(name: string): string {
  const encoded = encodeURIComponent(name);
  return encoded.length <= 200 ? encoded : `long-${digestOf(name).slice('sha256:'.length)}`;
}
