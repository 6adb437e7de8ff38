import type { Digest } from '@strake/api';

/** What is kept for a key that was built. */
export interface CacheRecord {
  readonly snapshot: string;
  readonly identity: Digest;
  /** RFC 3339. */
  readonly created: string;
}

/** Name and digest of one part of a key, or of one of its members. */
export type NamedDigest = readonly [name: string, digest: string];

/** What a step of a Dockerfile was built with last: what a miss is explained against. */
export interface StepRecord {
  readonly parts: readonly NamedDigest[];
  /** By the name of the part that they make up. */
  readonly members: Readonly<Record<string, readonly NamedDigest[]>>;
}
