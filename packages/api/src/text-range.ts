import type { InstructionNode, TextSegment } from './dockerfile';
import type { Position, SourceRange } from './position';

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

/** A word of an instruction's arguments as written, and where it stands. */
export interface WrittenWord {
  readonly text: string;
  readonly range: SourceRange;
}

/** The words of an instruction's arguments that blanks part, whatever quotes they hold. */
export function wordsOf({ text, segments, range }: InstructionNode): readonly WrittenWord[] {
  return [...text.matchAll(/[^ \t\r\f\v]+/g)].map((match) => ({
    text: match[0],
    range: rangeOf(range.file, segments, match.index, match.index + match[0].length),
  }));
}
