import type { BuildEvent, Descriptor, Diagnostic, Digest, ImageConfigFile, Plugin, SourceRange } from '@strake/api';
import type { Readable } from 'node:stream';

/** One result of `--output`: the exporter's type and its other attributes. */
export interface OutputOptions {
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What one build is asked for. All of it is optional but for what the Dockerfile itself needs. */
export interface BuildOptions {
  /** A directory; the working directory by default. */
  readonly context?: string;
  /** A path relative to the context's caller, or a text with the name that messages give it. */
  readonly dockerfile?: string | { readonly text: string; readonly name: string };
  readonly tags?: readonly string[];
  readonly buildArgs?: Readonly<Record<string, string | undefined>>;
  readonly target?: string;
  readonly platform?: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly noCache?: boolean;
  /** Names of stages. */
  readonly noCacheFilter?: readonly string[];
  readonly outputs?: readonly OutputOptions[];
  readonly network?: 'default' | 'none' | 'host';
  /** `host:ip` */
  readonly extraHosts?: readonly string[];
  readonly buildContexts?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: BuildEvent) => void;
}

/** What a build made. */
export interface BuildResult {
  readonly imageId: Digest;
  readonly manifest: Descriptor;
  /** Normalised: `docker.io/library/app:latest`. */
  readonly names: readonly string[];
  readonly outputs: readonly { readonly type: string; readonly path?: string }[];
  readonly config: ImageConfigFile;
  readonly warnings: readonly Diagnostic[];
  /** What `--metadata-file` writes, with buildx's names. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** One vertex of a dry run. */
export interface PlanStep {
  /** `[build 2/5] RUN make` */
  readonly name: string;
  readonly stage: string;
  readonly digest: Digest;
  readonly range?: SourceRange;
  readonly cached: boolean;
  /** Why it is not cached. */
  readonly reason?: string;
  /** What the step would do, a line each. */
  readonly actions: readonly string[];
  /** What copies take; sizes in bytes. */
  readonly files: readonly { readonly path: string; readonly type: string; readonly size: number }[];
}

/** What a build would do. Plain data: `--format json` prints it as it is. */
export interface Plan {
  readonly platform: string;
  readonly steps: readonly PlanStep[];
  readonly config: ImageConfigFile;
  readonly warnings: readonly Diagnostic[];
}

/** One image of the store. */
export interface ImageSummary {
  readonly id: Digest;
  /** Normalised; empty for an image without a name. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly created: string | undefined;
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
}

/** All that is known of one image. */
export interface ImageDetails extends ImageSummary {
  readonly manifest: Descriptor;
  readonly config: ImageConfigFile;
  /** Lowest first; sizes in bytes. */
  readonly layers: readonly { readonly diffId: Digest; readonly size: number }[];
}

/** Work on the images of a store. References are names, image IDs or unique beginnings of image IDs; all throw IMAGE_MISSING, REFERENCE_INVALID. */
export interface Images {
  list(): Promise<readonly ImageSummary[]>;
  get(reference: string): Promise<ImageDetails>;
  tag(reference: string, name: string): Promise<void>;
  remove(reference: string, options: { readonly force: boolean }): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }>;
  /** From a path (archive or OCI layout folder) or a stream; `name` turns a plain root file system into an image. */
  load(input: string | Readable, options: { readonly name?: string; readonly signal: AbortSignal }): Promise<readonly { readonly id: Digest; readonly names: readonly string[] }[]>;
  save(references: readonly string[], options: { readonly format: 'oci' | 'docker'; readonly destination: string; readonly signal: AbortSignal }): Promise<void>;
  /** Deletes what nothing needs; `all` also deletes images without a name and the build cache. */
  prune(options: { readonly all: boolean; readonly dryRun: boolean }): Promise<{ readonly deleted: readonly string[]; /** Bytes. */ readonly reclaimed: number }>;
}

/** A configured strake. */
export interface Builder {
  build(options: BuildOptions): Promise<BuildResult>;
  plan(options: BuildOptions): Promise<Plan>;
  /** The described JSON of a Dockerfile; `file` is the name in positions. */
  parse(text: string, file: string): unknown;
  images(): Images;
  close(): Promise<void>;
}

/** What `strake.config.ts` and flags decide. */
export interface BuilderConfig {
  /** The store's folder. */
  readonly store?: string;
  readonly plugins?: readonly Plugin[];
  readonly backend?: string;
  readonly cache?: unknown;
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/** The part of the package `strake` that the command uses. */
export interface Library {
  createBuilder(config?: BuilderConfig): Promise<Builder>;
  /** One error for people: file:line:col, excerpt, hint. */
  formatError(error: unknown, source?: string, options?: { readonly color?: boolean }): string;
}

/** Loads the library. Apart from everything else, so that commands that do without it start fast. */
export async function loadLibrary(): Promise<Library> {
  return (await import('strake')) as unknown as Library;
}
