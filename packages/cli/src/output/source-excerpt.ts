import type { SourceRange } from '@strake/api';

/** The lines of a range and a few around them, marked as BuildKit marks them. Empty when the range lies outside of the text. */
export function sourceExcerpt(text: string, { file, start, end }: SourceRange): string {
  const lines = text.split('\n');
  if (start.line > lines.length) return '';
  let [first, last] = [start.line, Math.min(end.line, lines.length)];
  // Four lines around a single one, else two; a side that has no more gives its share to the other.
  const wanted = first === last ? 4 : 2;
  for (let padded = 0; padded < wanted; padded += 1) {
    if (first > 1) [first, padded] = [first - 1, padded + 1];
    if (last !== lines.length) [last, padded] = [last + 1, padded + 1];
  }
  const rows = lines.slice(first - 1, last).map((line, index) => {
    const number = first + index;
    return ` ${String(number).padStart(3)} | ${number >= start.line && number <= end.line ? '>>>' : '   '} ${line}\n`;
  });
  return `${file}:${start.line}\n--------------------\n${rows.join('')}--------------------\n`;
}
