import type { TextSegment } from '@strake/api';
import type { MappedText } from './segments';
import type { SourceLines } from './source-lines';
import { skipSpaces, trimNewline } from './whitespace';

/** An instruction's physical lines, joined. */
export interface LogicalLine extends MappedText {
  /** The number of the first empty line among them, when there is one. */
  readonly emptyLine?: number;
  /** The last physical line that was read for it. */
  readonly endLine: number;
}

/** Whether a line, its ending trimmed, is a comment. */
export function isComment(text: string): boolean {
  return text[skipSpaces(text)] === '#';
}

/**
 * A line without the escape character that continues it, or undefined when nothing continues it: the last character
 * but blanks is the escape character, and the one before is not.
 */
export function continued(text: string, escape: string): string | undefined {
  let end = text.length;
  while (text[end - 1] === ' ' || text[end - 1] === '\t') end -= 1;
  if (text[end - 1] !== escape || text[end - 2] === escape) return undefined;
  return text.slice(0, end - 1);
}

/** Joins `first` (without its ending, and already read from `lines`) with the lines that continue it. */
export function readLogicalLine(lines: SourceLines, first: string, escape: string): LogicalLine {
  const pieces: string[] = [];
  const segments: TextSegment[] = [];
  let length = 0;
  let emptyLine: number | undefined;
  const start = skipSpaces(first);
  const take = (text: string, column: number): boolean => {
    const head = continued(text, escape);
    const piece = head ?? text;
    if (piece !== '' || segments.length === 0) segments.push({ offset: length, position: { line: lines.line, column } });
    pieces.push(piece);
    length += piece.length;
    return head !== undefined;
  };
  for (let open = take(first.slice(start), start + 1); open; ) {
    const raw = lines.next();
    if (raw === undefined) break;
    const text = trimNewline(raw);
    if (isComment(text)) continue;
    if (skipSpaces(text) === text.length) emptyLine ??= lines.line;
    else open = take(text, 1);
  }
  return { text: pieces.join(''), segments, endLine: lines.line, ...(emptyLine === undefined ? {} : { emptyLine }) };
}
