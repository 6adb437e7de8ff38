import type { Descriptor, Digest } from '@strake/api';
import { digestOfHex, hexOf, isDigest } from '../digest';
import type { StoreFiles } from './store-files';

/** Records of one kind, each under a digest. */
export class Records<T extends object> {
  readonly #files: StoreFiles;
  readonly #folder: string;

  constructor(files: StoreFiles, folder: string) {
    this.#files = files;
    this.#folder = folder;
  }

  get(digest: Digest): T | undefined {
    return this.#files.readRecord(this.#folder, hexOf(digest));
  }

  set(digest: Digest, record: T): void {
    this.#files.writeRecord(record, this.#folder, hexOf(digest));
  }

  /** Marks it as used now. Nothing happens where nothing may be changed, or when it is not there. */
  touch(digest: Digest): void {
    this.#files.touch(this.#folder, hexOf(digest));
  }

  /** When it was written or marked last, milliseconds since 1970; undefined when it is not there. */
  used(digest: Digest): number | undefined {
    return this.#files.modified(this.#folder, hexOf(digest));
  }

  delete(digest: Digest): void {
    this.#files.remove(this.#folder, hexOf(digest));
  }

  list(): readonly (readonly [Digest, T])[] {
    const found: (readonly [Digest, T])[] = [];
    for (const hex of this.#files.list(this.#folder)) {
      const record = isDigest(`sha256:${hex}`) ? this.#files.readRecord<T>(this.#folder, hex) : undefined;
      if (record !== undefined) found.push([digestOfHex(hex), record]);
    }
    return found;
  }
}

/** How to get the tar of a layer: from the blob that holds it, or by packing the snapshot again, which gives the same bytes. */
export interface LayerRecord {
  readonly diffId: Digest;
  /** Bytes of the uncompressed tar. */
  readonly size: number;
  /** As stored, maybe compressed. */
  readonly blob?: Descriptor;
  readonly snapshot?: string;
  /** Seconds: the SOURCE_DATE_EPOCH that the snapshot must be packed with. */
  readonly epoch?: number;
  /** The layer as it was compressed for an export, by the name of the compression. */
  readonly compressed?: Readonly<Record<string, Descriptor>>;
}

/** A stack of layers: unpacked, or known layer by layer, or both. */
export interface ChainRecord {
  /** What it was unpacked to. */
  readonly snapshot?: string;
  /** Its topmost layer, where a cache outside the store said what it is. */
  readonly layer?: ChainLayer;
}

/** The topmost layer of a stack, and the stack below. */
export interface ChainLayer {
  readonly diffId: Digest;
  readonly blob: Descriptor;
  /** RFC 3339: when the step was made. */
  readonly created?: string;
  /** The chain ID of the rest; null below the lowest. */
  readonly below: Digest | null;
}
