import type { SourceRange } from './position';

/** Something to tell the user that does not end the build. Of the same shape as an error; strict mode makes it one. */
export interface Diagnostic {
  /** A rule's name (`NoEmptyContinuation`) or an `ErrorCode`. */
  readonly code: string;
  readonly severity: 'warning' | 'error';
  readonly message: string;
  readonly range?: SourceRange;
  readonly hint?: string;
  /** A page about it. */
  readonly url?: string;
}
