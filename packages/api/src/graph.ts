import type { Diagnostic } from './diagnostic';
import type { Digest, Platform } from './digest';
import type { ContainerConfig, HistoryEntry, ImageConfigFile } from './image';
import type { Op } from './op';
import type { SourceRange } from './position';

/** For people only: never part of a digest or a cache key. */
export interface VertexNote {
  /** `[build 2/5] RUN make` */
  readonly name: string;
  /** The stage's name, or its index when it has none. */
  readonly stage: string;
  /** What the stage's programs are for, where that is not the machine that builds. */
  readonly platform?: Platform;
  readonly range?: SourceRange;
  /** 2 or more where so many instructions of its stage say the same, this one included. */
  readonly occurrence?: number;
  /** Of a step that runs a program: variables that it has from build arguments. */
  readonly arguments?: readonly string[];
}

/** What an instruction asked of caching for itself. Never part of a digest or a cache key. */
export interface Reuse {
  /** It is made anew in each build. */
  readonly never?: true;
  /** Seconds: a result that is older is made anew. */
  readonly ttl?: number;
}

/** How often and how long a vertex is tried. Never part of a digest or a cache key: what is made is the same. */
export interface Attempts {
  /** Seconds that one attempt may take; no limit when absent. */
  readonly timeout?: number;
  /** How many more attempts there are after one that failed; none when absent. */
  readonly retries?: number;
}

/**
 * A unit of work: the ops of one instruction, applied in order to one snapshot, giving one layer; or one source.
 * Its digest covers ops, parent and inputs.
 */
export interface Vertex {
  readonly digest: Digest;
  readonly ops: readonly Op[];
  /** The state that the ops change; null is an empty file system, and always so for a source. */
  readonly parent: Digest | null;
  /** Other trees that the ops read, by the index that they use. */
  readonly inputs: readonly Digest[];
  readonly note: VertexNote;
  /** Environment that an exec gets but that no key sees: the predefined proxy arguments. */
  readonly unkeyedEnv?: readonly string[];
  /** States that are made before this one is, though nothing is taken from them. No part of the digest: order changes no file. */
  readonly after?: readonly Digest[];
  /** Absent: whatever the strategy finds is reused. */
  readonly reuse?: Reuse;
  /** Absent: one attempt without a limit. */
  readonly attempts?: Attempts;
}

/** Times of what a build makes, so that it makes the same on another day. */
export interface Clamp {
  /** Seconds since 1970: no time in a new layer is later. */
  readonly epoch: number;
  /** DiffIDs of the base image's layers, which stay as they are; lowest first. */
  readonly baseLayers: readonly Digest[];
}

/** Asks for one layer in place of all those that the build adds. */
export interface Squash {
  /** DiffIDs of the base image's layers, which stay as they are; lowest first. */
  readonly baseLayers: readonly Digest[];
  /** The base's image ID, for the history; absent without a base. */
  readonly baseId?: Digest;
}

/** One image to make. */
export interface GraphResult {
  readonly platform: Platform;
  /** The last state; null for an image without layers. */
  readonly root: Digest | null;
  /** Without `rootfs`, which only layers can tell. */
  readonly config: Omit<ImageConfigFile, 'rootfs' | 'history'>;
  /** Oldest first; as many entries that are not `empty_layer` as layers, base included. */
  readonly history: readonly HistoryEntry[];
  /** Set for a build with a SOURCE_DATE_EPOCH. */
  readonly clamp?: Clamp;
  readonly squash?: Squash;
}

/** An instruction of the file, for those who count, show or commit instructions. Never part of a digest or a cache key. */
export interface GraphInstruction {
  readonly keyword: string;
  /** As written, continuation lines joined. */
  readonly text: string;
  readonly range: SourceRange;
}

/** An instruction after FROM that was lowered. */
export interface GraphStep extends GraphInstruction {
  /** Set for a trigger that the base left. */
  readonly trigger?: true;
  /** The state after it: the one before where no file changes. */
  readonly state: Digest | null;
  /** The config after it. */
  readonly config: ContainerConfig;
  /** Its entry in the image's history; absent when it has none. */
  readonly history?: HistoryEntry;
}

/** A stage that was lowered: its FROM, and what follows it. */
export interface GraphStage extends GraphInstruction {
  /** The platform that was asked for; set when there are several, each with stages of its own. */
  readonly target?: Platform;
  readonly index: number;
  readonly name?: string;
  /** The image that FROM names, pinned; absent for a stage on another stage or on nothing. */
  readonly image?: string;
  /** What it starts with; null on nothing. */
  readonly base: Digest | null;
  /** In order; triggers of the base come first. */
  readonly steps: readonly GraphStep[];
}

/** The whole build as plain data. */
export interface BuildGraph {
  /** Every vertex that the results need, inputs before users. */
  readonly vertices: readonly Vertex[];
  /** In the order of the platforms that were asked for. */
  readonly results: readonly GraphResult[];
  /** States to make although no result takes anything from them; the build fails where they do. */
  readonly required?: readonly Digest[];
  /** The stages that the results need, in the order of the file. */
  readonly stages: readonly GraphStage[];
  /** The instructions before the first stage. */
  readonly globals: readonly GraphInstruction[];
  readonly warnings: readonly Diagnostic[];
}
