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
}

/** All that a backend tells of an image. */
export interface KeptImageDetails extends KeptImage {
  readonly author?: string;
  readonly architecture: string;
  readonly os: string;
  readonly variant?: string;
  readonly config: ContainerConfig;
  readonly history: readonly HistoryEntry[];
  readonly diffIds: readonly Digest[];
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
  /** `name` is normalised. */
  tag(reference: string, name: string): Promise<void>;
  remove(reference: string, options: { readonly force: boolean }): Promise<{ readonly untagged: readonly string[]; readonly deleted: readonly Digest[] }>;
  /** From an archive of `docker save`. */
  load(archive: Readable, signal: AbortSignal): Promise<readonly { readonly id: Digest; readonly names: readonly string[] }[]>;
  /** An archive of `docker save`. */
  save(references: readonly string[], signal: AbortSignal): Promise<Readable>;
  /** Removes what builds keep to begin with; `all` also images without a name, and the caches of RUN. Bytes are those that no other image has. */
  prune(options: { readonly all: boolean; readonly dryRun: boolean }): Promise<{ readonly deleted: readonly string[]; readonly reclaimed: number }>;
}
