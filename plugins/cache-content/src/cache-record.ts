import type { Digest } from '@strake/api';

/** What is kept for a key that was built. */
export interface CacheRecord {
  readonly snapshot: string;
  readonly identity: Digest;
  /** RFC 3339: when it was made. */
  readonly created: string;
  /** The instruction, as it is shown: for whoever looks at what is in the store. */
  readonly text?: string;
}

/** Name and digest of one part of a key, or of one of its members; of a part also what everybody may read of it. */
export type NamedDigest = readonly [name: string, digest: string, value?: string];

/** What a step of a Dockerfile was built with last: what a miss is explained against. */
export interface StepRecord {
  /** The instruction, as it is shown. */
  readonly text: string;
  /** RFC 3339: when it was recorded. */
  readonly at: string;
  /** The id of the build. */
  readonly build?: string;
  readonly parts: readonly NamedDigest[];
  /** By the name of the part that they make up. */
  readonly members: Readonly<Record<string, readonly NamedDigest[]>>;
}

/** Where to find the record of what stood at a place of a Dockerfile. */
export interface PlaceRecord {
  /** The name of a step's record. */
  readonly step: Digest;
}
