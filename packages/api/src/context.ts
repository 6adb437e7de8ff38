import type { IgnoreFacts } from './rule';
import type { Selection } from './selection';
import type { CopyOp } from './op';

/** The files that a build may copy from: a directory seen through its ignore file. */
export interface BuildContext {
  /** For messages: the path as the user gave it. */
  readonly name: string;
  /** Absolute path of the directory that holds the files. */
  readonly directory: string;
  /** What is hidden; absent without an ignore file. */
  readonly ignore?: IgnoreFacts | undefined;
  /** What a copy takes; patterns are expanded, ignored files are left out. Throws SOURCE_MISSING with nearest name and ignore rule. */
  select(op: CopyOp): Promise<Selection>;
  /**
   * The text of a file; links are followed as if the root were `/`. Throws SOURCE_MISSING as `select` does, also for what is no file, and
   * CONTEXT_INVALID for one above 1 MiB.
   */
  readText?(path: string): Promise<string>;
}
