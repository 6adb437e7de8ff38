import type { Platform } from './digest';

/** An owner as written (`app:staff`, `1000:0`): names are looked up in the files of the stage that is written to. */
export type Owner = string;

/** Brings a tree from outside the build: an image, a build context, later git and http. The only open part of the vocabulary. */
export interface SourceOp {
  readonly type: 'source';
  /** `image`, `context`, … — a provider per scheme. */
  readonly scheme: string;
  /** For an image, pinned by digest once it is resolved; for a context, its name (`` is the main one). */
  readonly reference: string;
  readonly platform?: Platform;
}

/** Runs a program in the stage. */
export interface ExecOp {
  readonly type: 'exec';
  readonly args: readonly string[];
  /** `NAME=value`, in order, complete: nothing is inherited. */
  readonly env: readonly string[];
  readonly cwd: string;
  /** As in the image config: `user[:group]`, names or numbers; empty for root. */
  readonly user: string;
  readonly network: 'default' | 'none' | 'host';
  /** Here-documents that are scripts: files shown under `/dev/pipes/` while the program runs. */
  readonly scripts?: readonly { readonly name: string; readonly content: string }[];
}

/** Copies from another tree into the stage. */
export interface CopyOp {
  readonly type: 'copy';
  /** Index in the vertex's `inputs`. */
  readonly input: number;
  /** Paths or Go `filepath.Match` patterns, relative to the input's root. */
  readonly sources: readonly string[];
  /** Absolute, cleaned; a trailing `/` says directory. */
  readonly destination: string;
  /** Absent: keep the owner of the input (another stage), or 0:0 (a build context). */
  readonly chown?: Owner;
  /** Octal digits. */
  readonly chmod?: string;
  /** Unpack local archives: what ADD does. */
  readonly unpack?: boolean;
}

/** Makes a directory and its parents. */
export interface MkdirOp {
  readonly type: 'mkdir';
  readonly path: string;
  /** Permission bits of what is made. */
  readonly mode: number;
  readonly owner?: Owner;
}

/** Writes one file. */
export interface MkfileOp {
  readonly type: 'mkfile';
  readonly path: string;
  /** Text; written as UTF-8. */
  readonly content: string;
  readonly mode: number;
  /** Of the file, and of parents that have to be made. */
  readonly owner?: Owner;
  /** Permission bits of parents that have to be made; 0755 by default. */
  readonly parentMode?: number;
}

/** Puts the layers of `inputs` on top of the stage, unchanged. */
export interface MergeOp {
  readonly type: 'merge';
  readonly inputs: readonly number[];
}

/** The closed vocabulary of work. Plain data. */
export type Op = SourceOp | ExecOp | CopyOp | MkdirOp | MkfileOp | MergeOp;
