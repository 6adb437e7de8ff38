import type { Readable } from 'node:stream';
import type { Digest, Platform } from './digest';
import type { ContainerConfig, HistoryEntry } from './image';

/** When a registry is asked for base images: `always` for every one, `newer` too but content with what is here when it cannot be asked, `missing` for what is not here, `never`. */
export type PullPolicy = 'always' | 'missing' | 'never' | 'newer';

/** How a base image is made ready. */
export interface ReadyOptions {
  readonly policy: PullPolicy;
  /** No registry is asked, whatever the policy. */
  readonly offline: boolean;
  readonly signal: AbortSignal;
  /** Told when a registry is asked, and how far it is. */
  progress(label: string, current: number, total?: number): void;
  warn(message: string): void;
}

/** One image that a backend keeps. */
export interface KeptImage {
  readonly id: Digest;
  /** Normalised; empty for an image without a name. */
  readonly names: readonly string[];
  /** RFC 3339. */
  readonly created: string | undefined;
  /** Bytes of all layers, uncompressed. */
  readonly size: number;
  /** Names by digest (`docker.io/library/app@sha256:…`), where a registry gave or took it. */
  readonly digests?: readonly string[];
  /** The image that it was made on, where each instruction has an image. */
  readonly parent?: Digest;
  /** Nobody has given it a name: others were made on it, or the backend keeps it for builds to begin with. */
  readonly intermediate?: true;
}

/** All that a backend tells of an image. */
export interface KeptImageDetails extends KeptImage {
  readonly author?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config: ContainerConfig;
  readonly history: readonly HistoryEntry[];
  /** Lowest first; sizes in bytes, as far as they are known. */
  readonly layers: readonly { readonly diffId: Digest; readonly size: number }[];
  /** What the container of an instruction was made with, where the backend tells it. */
  readonly containerConfig?: Readonly<Record<string, unknown>>;
}

/** What is said while an image is pulled, in Docker's words; `current` and `total` in bytes. */
export interface PullMessage {
  /** Of a layer (its beginning), or a tag. */
  readonly id?: string;
  readonly status: string;
  readonly current?: number;
  readonly total?: number;
}

/** How a backend pulls. */
export interface KeptPullOptions {
  /** `linux/arm64`; by default the backend's own. */
  readonly platform?: string;
  readonly signal: AbortSignal;
  tell(message: PullMessage): void;
}

/** What one name stands for after a pull. */
export interface KeptPulled {
  /** Normalised. */
  readonly name: string;
  /** Of what the registry has under it. */
  readonly digest: Digest;
  /** Whether it was here already. */
  readonly upToDate: boolean;
}

/** How an image is made of a root file system. */
export interface KeptImportOptions {
  /** Normalised. */
  readonly name?: string;
  /** Of the one entry of its history. */
  readonly message: string;
  /** Dockerfile instructions that change a config. */
  readonly changes: readonly string[];
  /** `linux/arm64`; by default the backend's own. */
  readonly platform?: string;
  readonly signal: AbortSignal;
}

/**
 * Images that a backend keeps in a place of its own: base images come from there, names and results go there, and strake's store has none of them.
 * References are names, IDs or unique beginnings of IDs; all throw IMAGE_MISSING where there is none.
 */
export interface BackendImages {
  /** Makes sure that a base image is there, as the policy says. Throws IMAGE_MISSING, and what registries throw. */
  ready(reference: string, platform: Platform, options: ReadyOptions): Promise<void>;
  list(): Promise<readonly KeptImage[]>;
  get(reference: string): Promise<KeptImageDetails>;
  /** A name or, without a tag and a digest, all tags of a repository. Throws IMAGE_MISSING, REGISTRY_DENIED, REGISTRY_FAILED, REGISTRY_UNREACHABLE, CANCELLED. */
  pull(reference: string, options: KeptPullOptions): Promise<readonly KeptPulled[]>;
  /** `name` is normalised. */
  tag(reference: string, name: string): Promise<void>;
  remove(reference: string, options: { readonly force: boolean }): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }>;
  /** From an archive of `docker save`. */
  load(archive: Readable, signal: AbortSignal): Promise<readonly { readonly id: Digest; readonly names: readonly string[] }[]>;
  /** Makes an image of a root file system's tar. Throws USAGE for other instructions. */
  import(archive: Readable, options: KeptImportOptions): Promise<Digest>;
  /** An archive of `docker save`. */
  save(references: readonly string[], signal: AbortSignal): Promise<Readable>;
  /** Removes what builds keep to begin with; `all` also images without a name, and the caches of RUN. Bytes are those that no other image has. */
  prune(options: { readonly all: boolean; readonly dryRun: boolean }): Promise<{ readonly deleted: readonly string[]; readonly reclaimed: number }>;
}
