import type { Digest } from './digest';

/** One thing that a copy takes. */
export interface SelectedFile {
  /** Relative to the input's root. */
  readonly path: string;
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Bytes; 0 for what is no file. */
  readonly size: number;
  /** Of everything that the copy keeps: type, mode, link target, content, xattrs, and the owner where it is kept. */
  readonly digest: string;
}

/** All that a copy takes, sorted by path, and one digest of it that includes the paths. */
export interface Selection {
  readonly digest: Digest;
  readonly files: readonly SelectedFile[];
}
