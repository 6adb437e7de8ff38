import type { Position, SourceRange, TextSegment } from '@strake/api';

/** Text that was put together from stretches of a source, and where each came from. */
export interface MappedText {
  readonly text: string;
  readonly segments: readonly TextSegment[];
}

/** Where the character at `offset` of a joined text stands in the source. */
export function positionAt(segments: readonly TextSegment[], offset: number): Position {
  let low = 0;
  let high = segments.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((segments[middle] as TextSegment).offset <= offset) low = middle;
    else high = middle - 1;
  }
  const segment = segments[low];
  if (segment === undefined) return { line: 1, column: 1 };
  return { line: segment.position.line, column: segment.position.column + Math.max(0, offset - segment.offset) };
}

/** The range of the characters from `start` up to but not including `end` of a joined text. */
export function rangeOf(file: string, segments: readonly TextSegment[], start: number, end: number): SourceRange {
  const from = positionAt(segments, start);
  if (end <= start) return { file, start: from, end: from };
  const last = positionAt(segments, end - 1);
  return { file, start: from, end: { line: last.line, column: last.column + 1 } };
}

/** A stretch of a mapped text, with segments of its own. */
export function sliceMapped(mapped: MappedText, start: number, end: number): MappedText {
  const first = { offset: 0, position: positionAt(mapped.segments, start) };
  const rest = mapped.segments
    .filter((segment) => segment.offset > start && segment.offset < end)
    .map((segment) => ({ offset: segment.offset - start, position: segment.position }));
  return { text: mapped.text.slice(start, end), segments: [first, ...rest] };
}
