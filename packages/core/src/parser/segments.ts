import { positionAt, type TextSegment } from '@strake/api';

export { positionAt, rangeOf } from '@strake/api';

/** Text that was put together from stretches of a source, and where each came from. */
export interface MappedText {
  readonly text: string;
  readonly segments: readonly TextSegment[];
}

/** A stretch of a mapped text, with segments of its own. */
export function sliceMapped(mapped: MappedText, start: number, end: number): MappedText {
  const first = { offset: 0, position: positionAt(mapped.segments, start) };
  const rest = mapped.segments
    .filter((segment) => segment.offset > start && segment.offset < end)
    .map((segment) => ({ offset: segment.offset - start, position: segment.position }));
  return { text: mapped.text.slice(start, end), segments: [first, ...rest] };
}
