import type { UsageType } from '@strake/oci';

/** One thing in the store that makes builds faster. */
export interface CacheEntry {
  /**
   * `step`: the state after an instruction. `base`: an unpacked layer of an image. `source`: a tree from outside, or what its provider keeps.
   * `mount`: a directory of `RUN --mount=type=cache`. `layer`: bytes of a layer. `image`: one without a name.
   */
  readonly type: UsageType;
  readonly id: string;
  /** For people: the instruction, the mount's id. Empty where nobody knows. */
  readonly description: string;
  /** Bytes. */
  readonly size: number;
  /** RFC 3339. */
  readonly created?: string;
  /** RFC 3339: when a build used it last. */
  readonly used: string;
  /** Ids of what it stands on. */
  readonly parents: readonly string[];
  /** An image needs it: it goes only with that. */
  readonly inUse: boolean;
  /** Of a mount: more than one where several programs wanted a private one at once. */
  readonly copies?: number;
}

/** What goes. Without limits and filters all that no image needs. */
export interface CachePruneOptions {
  /** Only these, by id, its beginning, or a mount's id. */
  readonly names?: readonly string[];
  /** Images without a name, and what only they need, go as well. */
  readonly all?: boolean;
  /** Only these, each as `type=step`, `description~=RUN.*npm`, `until=24h`; all must be true. */
  readonly filters?: readonly string[];
  /** As in `GarbagePolicy`. */
  readonly reservedSpace?: number | string;
  readonly maxUsedSpace?: number | string;
  readonly minFreeSpace?: number | string;
  /** Seconds, or as `7d`: what was used since stays. */
  readonly keepDuration?: number | string;
  /** Nothing is removed, only found. */
  readonly dryRun?: boolean;
}

/** Keeps a store in bounds, after a build. Sizes are bytes, or text as `10GB`, `512MiB`, `20%` of the disk. */
export interface GarbagePolicy {
  /** As much stays in any case. */
  readonly reservedSpace?: number | string;
  /** What was used longest ago goes until no more is taken. */
  readonly maxUsedSpace?: number | string;
  /** What was used longest ago goes until as much is free on the disk. */
  readonly minFreeSpace?: number | string;
  /** Seconds, or as `7d`: what was used since stays. */
  readonly keepDuration?: number | string;
}

/** What went, or would go. */
export interface CachePruned {
  readonly removed: readonly CacheEntry[];
  /** Mounts that programs use: they stay. */
  readonly inUse: readonly CacheEntry[];
  /** Bytes. */
  readonly reclaimed: number;
}

/** How often steps were found. */
export interface CacheStatistics {
  /** Builds that ended well, of which the store remembers the last thousand or so. */
  readonly builds: number;
  /** Steps that were found, and that were made. */
  readonly found: number;
  readonly made: number;
  /** The latest builds, newest first. */
  readonly latest: readonly BuildStatistics[];
}

/** How one build went. */
export interface BuildStatistics {
  readonly id: string;
  /** RFC 3339. */
  readonly at: string;
  /** The context's path, where it has one. */
  readonly project: string;
  readonly found: number;
  readonly made: number;
  readonly milliseconds: number;
}
