import type { BackendImages } from './backend-images';
import type { SnapshotReference } from './cache';
import type { BuildContext } from './context';
import type { Diagnostic } from './diagnostic';
import type { Digest, Platform } from './digest';
import type { BuildGraph, GraphResult, Vertex } from './graph';
import type { Descriptor, Image, Layer, ResolvedImage } from './image';
import type { ResourceLimits } from './limits';
import type { FailedState } from './failed-state';
import type { CopyOp, SourceOp } from './op';
import type { SecretProvider, SshProvider } from './secrets';
import type { Selection } from './selection';
import type { SourceProvider } from './source';
import type { StepImages } from './step-images';

/** What a backend can honour. What is not here is refused before anything runs. */
export interface BackendCapabilities {
  /** Types of ops, and `squash` for a merge that makes one layer of several. */
  readonly ops: ReadonlySet<string>;
  readonly networks: ReadonlySet<'default' | 'none' | 'host'>;
  /** Kinds of RUN --mount; absent: none. */
  readonly mounts?: ReadonlySet<string>;
  /** Whether RUN --security=insecure is possible at all. */
  readonly insecure?: boolean;
  /** Whether RUN --device is possible at all. */
  readonly devices?: boolean;
  /** Limits that it puts on programs; absent: none. */
  readonly limits?: ReadonlySet<keyof ResourceLimits>;
  /** Why other limits cannot be had here, where the machine is the reason. */
  readonly limitsHint?: string | undefined;
  /** Whether it can make one layer of all those above the base: `GraphResult.squash`. */
  readonly squash?: boolean;
  /** Whether it can leave the containers of steps behind, where they are built instruction by instruction: `SessionOptions.keepContainers`. */
  readonly keepsContainers?: boolean;
  /** Whether it can show what a failed program left: `ApplyOptions.failed`. */
  readonly failedStates?: boolean;
  /** Whether it can take up states from caches outside the store, and give its own: `BackendSession.restore` and `layers`. */
  readonly restores?: boolean;
  /** Whether it can give the file tree of a result: `BackendSession.archive`. */
  readonly archives?: boolean;
  /** What to do where programs of another platform cannot run. */
  readonly foreignHint?: string;
  /** Why nothing can be executed here (not root, not Linux, no runtime), or undefined. */
  readonly cannotExecute?: string;
  /** Whether it can run programs of a platform. */
  readonly canRun: (platform: Platform) => boolean;
}

/** Where one op's output and doings go. */
export interface ApplyOptions {
  readonly signal: AbortSignal;
  log(stream: 1 | 2, data: Buffer): void;
  progress(label: string, current: number, total?: number): void;
  /** Tells what the Dockerfile's author should know; the place is the vertex's. */
  warn?(warning: Pick<Diagnostic, 'code' | 'message' | 'hint'>): void;
  /** Called when a program has failed, before what it left is removed: see `FailedState`. */
  failed?(state: FailedState): Promise<void>;
}

/** Per-build options that backends honour. */
export interface SessionOptions {
  /** By name; the main context is `` (empty). */
  readonly contexts: ReadonlyMap<string, BuildContext>;
  /** `host:ip`, shown in /etc/hosts during RUN. */
  readonly extraHosts: readonly string[];
  /** Of every RUN; what the backend does not have is refused before. */
  readonly limits?: ResourceLimits;
  /** Leaves the containers of steps behind. */
  readonly keepContainers?: boolean;
  readonly secrets?: SecretProvider;
  readonly ssh?: SshProvider;
  /** By scheme: who brings the trees of sources that are neither images nor contexts. */
  readonly sources?: ReadonlyMap<string, SourceProvider>;
  /** What will be solved, for backends that keep only the states that somebody needs. */
  readonly graph?: BuildGraph;
  /** Seconds since 1970: the build's SOURCE_DATE_EPOCH, so that layers are packed with it from the first. */
  readonly epoch?: number;
  /** Only questions will be asked (the dry run): nothing is made, and no right to make anything is needed. */
  readonly readonly?: boolean;
  readonly signal: AbortSignal;
}

/** How a file tree is put into a tar. */
export interface ArchiveOptions {
  /** Seconds since 1970: no time is later. */
  readonly epoch?: number;
  /** A folder that every name begins with; relative, without a slash at the end. */
  readonly prefix?: string;
  /** Leaves out the tar's end, so that more can follow. */
  readonly open?: boolean;
}

/** What is wanted of a result's image. */
export interface ImageOptions {
  /** Exporters will read its layers from strake's store. Without it a backend that keeps images itself may answer one without layers, for which its config stands. */
  readonly content?: boolean;
}

/** One layer of a state that was made elsewhere. */
export interface RestoredLayer {
  readonly diffId: Digest;
  /** Where strake's store has it, or can bring it; absent for a layer of a base image that this session was asked for. */
  readonly descriptor?: Descriptor;
  /** RFC 3339: when the step was made. */
  readonly created?: string;
}

/** One layer of a state of this backend. */
export interface StateLayer extends Layer {
  /** RFC 3339; absent for layers of base images. */
  readonly created?: string;
}

/** One build on a backend. */
export interface BackendSession {
  /** The identity of a source: an image's chain of layers, or what its provider says. Not asked for contexts, whose files are keyed one by one. */
  sourceDigest(op: SourceOp, options?: ApplyOptions): Promise<Digest>;
  /** Makes a source's tree available as a snapshot. Lazy: no layer is unpacked before a program needs it. */
  source(op: SourceOp, options?: ApplyOptions): Promise<SnapshotReference>;
  /** What a copy would take from `input`; undefined when only building it could tell (the dry run). Throws SOURCE_MISSING. */
  select(op: CopyOp, input: CopyInput): Promise<Selection | undefined>;
  /** Applies a vertex's ops on its parent; the snapshot is complete and kept when this resolves. */
  apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference>;
  /** Whether a recorded snapshot is still there. */
  has(snapshot: SnapshotReference): Promise<boolean>;
  /**
   * A state that consists of layers, lowest first. Nothing is brought before something needs the bytes; then each layer is verified by digest, size and DiffID, and what is
   * not as it should be fails. Undefined where a layer is nowhere. In a session that only answers questions nothing is kept.
   */
  restore?(layers: readonly RestoredLayer[]): Promise<SnapshotReference | undefined>;
  /** Brings all bytes of a restored state, verified; nothing is to be done for any other. Throws where they cannot be had: then it is no longer there. */
  bring?(snapshot: SnapshotReference, options: Pick<ApplyOptions, 'progress'>): Promise<void>;
  /** The layers of a state, lowest first, as the store has them or will bring them; what was not packed yet is. */
  layers?(snapshot: SnapshotReference): Promise<readonly StateLayer[]>;
  /** Makes the image of a result and keeps it. */
  image(result: GraphResult, root: SnapshotReference | null, options?: ImageOptions): Promise<Image>;
  /** The whole tree of a state as an uncompressed tar; null is an empty one. */
  archive?(root: SnapshotReference | null, options: ArchiveOptions): AsyncIterable<Buffer>;
  /** Images of each instruction, where it can keep them. */
  readonly steps?: StepImages;
  /** Ends it: no process, no mount, no unfinished snapshot is left. */
  close(): Promise<void>;
}

/** What a copy reads from: a build context by its name, or a state. */
export type CopyInput =
  | { readonly kind: 'context'; readonly name: string }
  | { readonly kind: 'snapshot'; readonly snapshot: SnapshotReference };

/** Does ops. */
export interface Backend {
  readonly name: string;
  readonly capabilities: BackendCapabilities;
  /** Finds a base image, before lowering. Throws IMAGE_MISSING. */
  resolveImage(reference: string, platform: Platform): Promise<ResolvedImage>;
  open(options: SessionOptions): Promise<BackendSession>;
  /** Set where images are kept elsewhere than in strake's store. */
  readonly images?: BackendImages;
  /** The folder of records that are about this backend alone, where its snapshots are not strake's; letters, digits, `-`. */
  readonly records?: string;
  /** What is refused of a graph besides its capabilities, with the vertex's place. Throws UNSUPPORTED. */
  check?(graph: BuildGraph): void;
  /** Gives up what it holds between builds. */
  close?(): Promise<void>;
  /** Backends that solve whole graphs (BuildKit) have this instead of ops. */
  solve?(graph: BuildGraph, options: SessionOptions): Promise<readonly Image[]>;
}
