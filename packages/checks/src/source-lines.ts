import type { SourceRange } from '@strake/api';

/** A place in BuildKit's protocol: whole lines, each a range of its own. */
export interface Location {
  readonly ranges: readonly LineRange[];
}

export interface LineRange {
  readonly start: { readonly line: number };
  readonly end: { readonly line: number };
}

/** The lines of a range as BuildKit names them. */
export function linesOf({ start, end }: SourceRange): Location {
  const count = Math.max(1, end.line - start.line + 1);
  return { ranges: Array.from({ length: count }, (_, index) => ({ start: { line: start.line + index }, end: { line: start.line + index } })) };
}
