import type { Fix, Position, TextEdit } from '@strake/api';

/**
 * Makes the edits of fixes in a source. A fix that touches what an earlier one has changed waits: `left` counts those.
 * Places outside of the source change nothing.
 */
export function applyFixes(source: string, fixes: readonly Fix[]): { readonly source: string; readonly made: number; readonly left: number } {
  const offsets = lineOffsets(source);
  const taken: Span[] = [];
  let left = 0;
  for (const { edits } of fixes) {
    const spans = edits.map((edit) => spanOf(edit, offsets, source.length));
    if (spans.some((span) => taken.some((other) => span.start < other.end && other.start < span.end))) left += 1;
    else taken.push(...spans);
  }
  const text = taken.sort((one, other) => other.start - one.start).reduce((whole, { start, end, text: piece }) => whole.slice(0, start) + piece + whole.slice(end), source);
  return { source: text, made: fixes.length - left, left };
}

interface Span {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

function lineOffsets(source: string): readonly number[] {
  const offsets = [0];
  for (let index = source.indexOf('\n'); index >= 0; index = source.indexOf('\n', index + 1)) offsets.push(index + 1);
  return offsets;
}

function spanOf({ range, text }: TextEdit, offsets: readonly number[], length: number): Span {
  const at = ({ line, column }: Position): number => Math.min((offsets[line - 1] ?? length) + column - 1, length);
  return { start: at(range.start), end: Math.max(at(range.start), at(range.end)), text };
}
