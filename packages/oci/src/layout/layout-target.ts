import type { ByteSource } from '../compression/decompressed';
import type { Index } from '../image/read-manifest';

/** Where the files of an image layout go. Nothing is at the destination before `commit`. */
export interface LayoutTarget {
  /** The index of a layout that is there already and to which images are added. */
  readonly existing?: Index;
  /** Adds a file; exactly `size` bytes must come. */
  add(path: string, size: number, content: ByteSource): Promise<void>;
  /** Puts all in place. */
  commit(): Promise<void>;
  /** Takes everything away that `add` has written. */
  abort(): void;
}
