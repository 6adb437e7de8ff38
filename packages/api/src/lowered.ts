import type { Pair } from './grammar';
import type { Attempts, Reuse } from './graph';
import type { Healthcheck } from './image';
import type { BindMount, CacheMount, CopyOp, ExecOp, MergeOp, MkdirOp, MkfileOp, Mount } from './op';

/** Where a copy reads from: the build context, whatever `--from` names (a stage, a stage's index, a named context, an image), or a source. */
export type Origin =
  | { readonly kind: 'context' }
  | { readonly kind: 'named'; readonly name: string }
  | { readonly kind: 'source'; readonly scheme: string; readonly reference: string; readonly attributes?: Readonly<Record<string, string>> };

/** A mount whose input is named, not numbered. */
export type LoweredMount =
  | Exclude<Mount, BindMount | CacheMount>
  | (Omit<BindMount, 'input'> & { readonly from: Origin })
  | (Omit<CacheMount, 'from'> & { readonly from?: { readonly origin: Origin; readonly source: string } });

/** A program with its mounts' inputs named. */
export type LoweredExec = Omit<ExecOp, 'mounts'> & { readonly mounts?: readonly LoweredMount[] };

/** An op before the core has put it into the graph: inputs are named, not numbered; paths may be relative to the working directory. */
export type LoweredOp =
  | LoweredExec
  | MkdirOp
  | MkfileOp
  | (Omit<CopyOp, 'input'> & { readonly from: Origin })
  | (Omit<MergeOp, 'inputs'> & { readonly from: readonly Origin[] });

/** Changes to the image config. Lists and maps are merged into what is there; null removes; the rest replaces. */
export interface ConfigChange {
  /** Sets variables: one that exists keeps its place. */
  readonly env?: readonly Required<Pair>[];
  readonly labels?: Readonly<Record<string, string>>;
  /** `80/tcp` */
  readonly exposedPorts?: readonly string[];
  readonly volumes?: readonly string[];
  readonly cmd?: readonly string[] | null;
  readonly entrypoint?: readonly string[] | null;
  readonly user?: string;
  readonly workingDir?: string;
  readonly stopSignal?: string;
  readonly shell?: readonly string[];
  readonly healthcheck?: Healthcheck;
  /** Appended. */
  readonly onBuild?: readonly string[];
  readonly author?: string;
}

/** FROM: begins a stage. */
export interface StageStart {
  /** An image reference, a stage's name, or `scratch`. */
  readonly base: string;
  readonly name?: string;
  /** As written: `linux/arm64`. */
  readonly platform?: string;
  /** Earlier stages, by name or index, that are built before this one although it takes nothing from them. */
  readonly after?: readonly string[];
}

/** What an instruction amounts to. Plain JSON: no functions, no `undefined` that matters. */
export interface Lowered {
  /** Applied in order to the stage's file system; together they give one layer. */
  readonly ops?: readonly LoweredOp[];
  /** The ops make a layer of their own that knows nothing of the stage below it and is put on top: COPY --link. */
  readonly link?: boolean;
  /** The stage goes on as if the ops had never been: what they make is in no image. The build fails where they do. */
  readonly aside?: true;
  /** The layers of what follows, up to the `end`, become one; both stand in the same stage, and ranges are not in each other. */
  readonly squash?: 'begin' | 'end';
  /** What the instruction asks of caching for itself. */
  readonly reuse?: Reuse;
  /** How often and how long the ops are tried. */
  readonly attempts?: Attempts;
  readonly config?: ConfigChange;
  /** Declares build arguments; a pair's value is the default as written, which the core expands when no value is given. */
  readonly args?: readonly Pair[];
  readonly stage?: StageStart;
  /** The history text; null leaves no history entry. By default the instruction as written, expanded; of `args`, the values that they got. */
  readonly history?: string | null;
  /** Warnings about this instruction. */
  readonly warnings?: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
}
