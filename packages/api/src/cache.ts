import type { Digest } from './digest';
import type { BackendSession } from './backend';
import type { BuildEvent } from './events';
import type { Vertex } from './graph';
import type { StepGraph, StepImage } from './step-images';

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

/** What a strategy is asked: by a key of definitions alone, or by one that also knows the content of what is copied. */
export interface CacheQuery {
  readonly vertex: Vertex;
  readonly key: CacheKey;
  /** `content` also where nothing is copied and the definition says it all: each step that is made is recorded by one such key. */
  readonly by: 'definition' | 'content';
}

/** A snapshot's identity in the backend that made it. Opaque to everyone else. */
export interface SnapshotReference {
  readonly id: string;
}

/** What a vertex gave. `identity` stands for it in the keys of the vertices that use it. */
export interface CacheResult {
  readonly snapshot: SnapshotReference;
  readonly identity: Digest;
  /** When it was made, milliseconds since 1970. A record without it is too old for every instruction that sets an age. */
  readonly created?: number;
}

/** `reason` is for people: `never built`, `src/a.ts changed`. */
export type CacheAnswer = ({ readonly hit: true } & CacheResult) | { readonly hit: false; readonly reason: string };

/** Decides what is reused. Never touches a file system of the build; composes with others. */
export interface CacheStrategy {
  readonly name: string;
  lookup(query: CacheQuery): Promise<CacheAnswer>;
  record(query: CacheQuery, result: CacheResult): Promise<void>;
  /** Of one that knows images of each instruction, and so builds in the order of the file itself. */
  readonly steps?: StepStrategy;
}

/** What building instruction by instruction needs. */
export interface StepOptions {
  readonly session: BackendSession;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
  /** Why a stage's instructions must not be looked up, or undefined. */
  readonly skipCache: (vertex: Pick<Vertex, 'note'>) => string | undefined;
}

/** Builds a graph instruction by instruction, with an image of each. */
export interface StepStrategy {
  /** Refuses what it cannot express, before anything runs. Throws UNSUPPORTED with the place. */
  check(build: StepGraph): void;
  /** The image of the last instruction; undefined for a stage without any on nothing. */
  build(build: StepGraph, options: StepOptions): Promise<StepImage | undefined>;
}
