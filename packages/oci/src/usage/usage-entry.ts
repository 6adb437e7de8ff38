/**
 * What something in a store is for. `step`: the state after an instruction. `base`: an unpacked layer of an image. `source`: a tree from outside, or
 * what its provider keeps. `mount`: a directory of `RUN --mount=type=cache`. `layer`: bytes of a layer, compressed or as they came. `image`: one without a name.
 */
export type UsageType = 'step' | 'base' | 'source' | 'mount' | 'layer' | 'image';

/** One thing in a store that makes builds faster, or that an image needs. */
export interface UsageEntry {
  readonly type: UsageType;
  /** Of a snapshot its id, of a mount its key, of bytes and images their digest, of a provider its name. */
  readonly id: string;
  /** For people: the instruction, the mount's id. Empty where nobody knows. */
  readonly description: string;
  /** Bytes; what several things share is the first one's. */
  readonly size: number;
  /** Milliseconds since 1970; undefined where nobody knows. */
  readonly created: number | undefined;
  /** When a build used it last, milliseconds since 1970. */
  readonly used: number;
  /** Ids of what it stands on. */
  readonly parents: readonly string[];
  /** An image needs it: it goes only with that. */
  readonly inUse: boolean;
}
