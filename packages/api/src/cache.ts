import type { Digest } from './digest';
import type { Vertex } from './graph';

/** One named part of a cache key. A part that stands for many (the files of a COPY) can list them. */
export interface KeyPart {
  /** `op`, `parent`, `env:PATH`, `files:0` … */
  readonly name: string;
  readonly digest: string;
  /** Name and digest of each member, sorted by name; only to explain a miss. */
  readonly members?: () => readonly (readonly [name: string, digest: string])[];
}

/** The cache key of a vertex: the digest of its parts in order. */
export interface CacheKey {
  readonly digest: Digest;
  readonly parts: readonly KeyPart[];
}

/** What a strategy is asked. `definition` is the key by definition alone; `content` also knows the content of what is copied. */
export interface CacheQuery {
  readonly vertex: Vertex;
  readonly key: CacheKey;
}

/** A snapshot's identity in the backend that made it. Opaque to everyone else. */
export interface SnapshotReference {
  readonly id: string;
}

export type CacheAnswer =
  | { readonly hit: true; readonly snapshot: SnapshotReference; /** The key of the record that was hit. */ readonly key: Digest }
  | { readonly hit: false; /** For people: `never built`, `file src/a.ts changed`. */ readonly reason: string };

/** Decides what is reused. Never touches a file system of the build; composes with others. */
export interface CacheStrategy {
  readonly name: string;
  lookup(query: CacheQuery): Promise<CacheAnswer>;
  record(query: CacheQuery, snapshot: SnapshotReference): Promise<void>;
}
