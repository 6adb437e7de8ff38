import type { Descriptor, Digest } from '@strake/api';

/** What a cache document is called where it lies as a blob: the config of a manifest whose layers are those of the states. */
export const CACHE_TYPE = 'application/vnd.strake.cache.v1+json';

/** The version of `CacheDocument` that is written, and the only one that is read. */
export const CACHE_VERSION = 1;

/** One layer of a cache. */
export interface CachedLayer {
  readonly diffId: Digest;
  /** As it lies in the place; absent for a layer of a base image, which whoever looks a step up has the manifest of. */
  readonly blob?: Descriptor;
  /** Bytes of the uncompressed tar, where they are known. */
  readonly size?: number;
}

/** A file-system state: a layer on another state. Numbers count `layers` and `states`. */
export interface CachedState {
  readonly layer: number;
  /** Smaller than the number of the state itself; absent for the lowest layer. */
  readonly on?: number;
  /** RFC 3339: when it was made, so that histories of images say the same everywhere. */
  readonly created?: string;
}

/** What a key stands for. */
export interface CachedRecord {
  readonly key: Digest;
  /** Stands for the result in the keys of the steps that use it. */
  readonly identity: Digest;
  /** RFC 3339: when it was made. */
  readonly created?: string;
  /** Absent where only the identity is known: what stands on it can be found, its tree cannot be had. */
  readonly state?: number;
}

/** What a place outside the store says of steps that were built: plain data, written as JSON with `version` before it. */
export interface CacheDocument {
  readonly layers: readonly CachedLayer[];
  readonly states: readonly CachedState[];
  readonly records: readonly CachedRecord[];
}

/** The bytes of a document. The same document gives the same bytes. */
export function encodeCacheDocument({ layers, states, records }: CacheDocument): Buffer {
  return Buffer.from(JSON.stringify({ version: CACHE_VERSION, layers, states, records }));
}
