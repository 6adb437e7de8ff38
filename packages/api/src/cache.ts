import type { Digest } from './digest';
import type { BackendSession } from './backend';
import type { BuildEvent } from './events';
import type { BuildGraph, Vertex, VertexNote } from './graph';
import type { StepGraph, StepImage } from './step-images';

/** One named part of a cache key. A part that stands for many (the files of a COPY) can list them. */
export interface KeyPart {
  /** `op`, `parent`, `env:PATH`, `files:0` … */
  readonly name: string;
  readonly digest: string;
  /** Name and digest of each member, sorted by name; only to explain a miss. */
  readonly members?: () => readonly (readonly [name: string, digest: string])[];
  /** What the digest stands for, only to explain a miss. Undefined where nobody may read it, or where it is too long to be shown. */
  readonly value?: () => string | undefined;
}

/** The cache key of a vertex: the digest of its parts in order. */
export interface CacheKey {
  readonly digest: Digest;
  readonly parts: readonly KeyPart[];
}

/** Which build asks. For people, and to tell one Dockerfile's steps from another's: no part of a key. */
export interface CacheBuild {
  /** Unique; short enough to be read aloud. */
  readonly id: string;
  /** The context's path, where it has one: Dockerfiles of one name are told apart by it. */
  readonly project: string;
  /** All steps of the build, where they are known: to tell whether an instruction of an earlier build is there still. */
  readonly steps?: readonly VertexNote[];
}

/** What a strategy is asked: by a key of definitions alone, or by one that also knows the content of what is copied. */
export interface CacheQuery {
  readonly vertex: Vertex;
  readonly key: CacheKey;
  /** `content` also where nothing is copied and the definition says it all: each step that is made is recorded by one such key. */
  readonly by: 'definition' | 'content';
  /** Absent where nobody says. */
  readonly build?: CacheBuild;
}

/** A snapshot's identity in the backend that made it. Opaque to everyone else. */
export interface SnapshotReference {
  readonly id: string;
}

/** The snapshot of a step whose identity is known from elsewhere, and whose tree nobody has. No backend has such a snapshot. */
export const ABSENT_SNAPSHOT: SnapshotReference = Object.freeze({ id: 'absent' });

/** What a vertex gave. `identity` stands for it in the keys of the vertices that use it. */
export interface CacheResult {
  readonly snapshot: SnapshotReference;
  readonly identity: Digest;
  /** When it was made, milliseconds since 1970. A record without it is too old for every instruction that sets an age. */
  readonly created?: number;
}

/** One thing that is not as it was when the step was made last. Old and new values are there only where everybody may read them. */
export interface KeyChange {
  /** `part` is what no other word fits; `step` is an earlier one, or a stage that files come from. */
  readonly what: 'file' | 'argument' | 'variable' | 'base' | 'instruction' | 'step' | 'part';
  /** The file's path, the argument's or variable's name, the image's name; of a part its name in words. */
  readonly name: string;
  readonly how: 'changed' | 'added' | 'removed';
  readonly before?: string;
  readonly after?: string;
  /** Of a file: what of it changed. */
  readonly aspects?: readonly ('type' | 'content' | 'mode' | 'owner' | 'attributes')[];
}

/** Why a step is made. */
export interface CacheMiss {
  /** For people: `never built`, `file src/a.ts changed`. */
  readonly reason: string;
  /** Something is there and not wanted: what a program makes now counts as another state, so that steps on the old one are made again too. */
  readonly refused?: true;
  /** What the reason sums up, where an earlier build of the step is known. */
  readonly changes?: readonly KeyChange[];
  /** What it was compared with. `at` is in milliseconds since 1970; `build` its id. */
  readonly against?: { readonly at: number; readonly build?: string };
}

/** What a strategy answers. */
export type CacheAnswer = ({ readonly hit: true; /** Where it was found, for people, when that is outside the store. */ readonly from?: string } & CacheResult) | ({ readonly hit: false } & CacheMiss);

/** What a build came to, for strategies that write when it has ended well. */
export interface CacheOutcome {
  readonly graph: BuildGraph;
  /** The final state of each result, in the order of `graph.results`. */
  readonly roots: readonly (SnapshotReference | null)[];
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
}

/**
 * Decides what is reused. Never touches a file system of the build; composes with others. Its laws, which `cacheConformance` of
 * `@strake/testing` checks:
 *
 * - What is recorded under a key is found under it, with its identity and time, until somebody takes it away. A strategy may forget; it may not invent.
 * - One key says nothing of another.
 * - The last record of a key counts. Builds that run at once never see half of one.
 * - A lookup changes nothing that another lookup could see. It may be asked any number of times, in any order.
 * - A miss says why, in words. No value of a key's part is in it that `KeyPart.value` does not give.
 * - A question that cannot be answered (a service that is down) is a miss or an error of the operator, never a wrong hit.
 */
export interface CacheStrategy {
  readonly name: string;
  lookup(query: CacheQuery): Promise<CacheAnswer>;
  /** Called for what was made, and for what was found by another key. */
  record(query: CacheQuery, result: CacheResult): Promise<void>;
  /** Why it would not answer with a result that was found elsewhere (it is too old, say); undefined where it would. Absent: it would with any. */
  refuses?(query: CacheQuery, result: CacheResult): CacheMiss | undefined;
  /** Before the first lookup of a build or a dry run. One that others wrap may be told more than once of the same build. */
  begin?(build: CacheBuild, signal: AbortSignal): Promise<void>;
  /** After the images of a build are made; not of one that failed, and not of a dry run. */
  end?(build: CacheBuild, outcome: CacheOutcome): Promise<void>;
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
  /** Emits `cached` or `missed` for each vertex of a step as a build would find it, and makes nothing. Absent: a dry run finds nothing. */
  plan?(build: StepGraph, options: StepOptions): Promise<void>;
}
