import type { ApplyOptions, CopyInput, ImageOptions } from './backend';
import type { SnapshotReference } from './cache';
import type { Digest, Platform } from './digest';
import type { BuildGraph, Vertex } from './graph';
import type { ContainerConfig, HistoryEntry, Image } from './image';
import type { CopyOp } from './op';
import type { DockerfileFacts } from './rule';

/** An image of one instruction, as Docker's classic builder leaves them behind: each is the child of the one before it. */
export interface StepImage {
  /** The image ID. */
  readonly id: Digest;
  /** The image that it was made on; absent for one that was pulled or loaded, and for the first on nothing. */
  readonly parent?: Digest;
  /** RFC 3339. */
  readonly created: string;
  readonly platform: Platform;
  readonly author?: string;
  readonly config: ContainerConfig;
  /** The config of the instruction that made it, with the instruction in `Cmd`; absent where nobody knows it. */
  readonly containerConfig?: ContainerConfig;
  readonly diffIds: readonly Digest[];
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}

/** What an instruction comes to. */
export interface StepToMake {
  /** Null on nothing. */
  readonly parent: StepImage | null;
  readonly platform: Platform;
  readonly author?: string;
  readonly config: ContainerConfig;
  readonly containerConfig: ContainerConfig;
  /** What changes files; absent where nothing does. */
  readonly vertex?: Vertex;
  readonly inputs: readonly CopyInput[];
}

/** A stage as a Dockerfile of its own, for an engine that builds it itself. */
export interface StageToBuild {
  readonly base: StepImage | null;
  readonly platform: Platform;
  /** Its text: global arguments, FROM, and a line for each instruction. */
  readonly dockerfile: string;
  /** The instructions that the base leaves, which run first. */
  readonly triggers: number;
  /** The instructions after FROM, without triggers. */
  readonly lines: number;
  /** What it copies from the build context. */
  readonly copies: readonly Pick<CopyOp, 'sources'>[];
  readonly buildArgs: Readonly<Record<string, string>>;
  readonly network: 'default' | 'none' | 'host';
  readonly noCache: boolean;
  /** Images whose history may be used, by reference. */
  readonly cacheFrom: readonly string[];
}

/** What happens while an engine builds a stage. Steps are counted from 0, triggers first. */
export interface StageFollower {
  readonly signal: AbortSignal;
  started(step: number): void;
  log(step: number, stream: 1 | 2, data: Buffer): void;
  done(step: number, image: StepImage, cached: boolean): void;
  failed(step: number, error: unknown): void;
}

/** What a session offers for building instruction by instruction, with an image of each. */
export interface StepImages {
  /** Images made here on another; on null those that were made on nothing. */
  children(parent: Digest | null): Promise<readonly StepImage[]>;
  /** An image by its name or ID; undefined where it is not here. Nothing is pulled. */
  find(reference: string): Promise<StepImage | undefined>;
  /** The sums of what a copy's sources name, in order: `file:…`, `dir:…`; undefined where only the engine can tell. */
  sums(op: CopyOp, input: CopyInput): Promise<readonly string[] | undefined>;
  /** The files of an image. */
  tree(image: StepImage): SnapshotReference;
  /** Applies an instruction and keeps the image. Absent where stages are built as a whole. */
  make?(step: StepToMake, options: ApplyOptions): Promise<StepImage>;
  /** Builds what is missing of a stage and answers the images of its steps, in order. */
  buildStage?(stage: StageToBuild, follower: StageFollower): Promise<readonly StepImage[]>;
  /** Makes an image that another's history tells of: `target`'s up to and with the entry after the parent's. Absent where the engine does. */
  restore?(parent: StepImage | null, target: StepImage, containerConfig: ContainerConfig): Promise<StepImage>;
  /** Makes one image the parent of another. */
  adopt?(image: StepImage, parent: StepImage): Promise<void>;
  /** The image as exporters want it. */
  open(image: StepImage, options: ImageOptions): Promise<Image>;
}

/** A build as those need it that build instruction by instruction. */
export interface StepGraph {
  readonly graph: BuildGraph;
  readonly facts: DockerfileFacts;
  /** Of the build, for the last stage. */
  readonly labels: Readonly<Record<string, string>>;
  readonly buildArgs: Readonly<Record<string, string | undefined>>;
  readonly network: 'default' | 'none' | 'host';
  /** Images whose history may be used, by reference. */
  readonly cacheFrom: readonly string[];
}
