import type { SourceRange } from '@strake/api';

const MOST_LINES = 8;

/** The lines of a range with their numbers, carets under what the range covers. Empty when it lies outside of the source. */
export function excerpt(source: string, { start, end }: SourceRange): readonly string[] {
  const lines = source.split('\n').map((line) => line.replace(/\r$/, ''));
  const last = Math.min(end.line, lines.length, start.line + MOST_LINES - 1);
  const width = String(last).length;
  const printed: string[] = [];
  for (let number = start.line; number <= last; number += 1) {
    const line = lines[number - 1] ?? '';
    const from = number === start.line ? start.column : firstColumn(line);
    const to = number === end.line ? end.column : line.length + 1;
    printed.push(`${String(number).padStart(width)} | ${line}`.trimEnd());
    if (line.trim() !== '' || start.line === end.line) printed.push(`${' '.repeat(width)} | ${caretsUnder(line, from, to)}`);
  }
  if (end.line > last && last < lines.length) printed.push(`${' '.repeat(width)} | …`);
  return printed;
}

function firstColumn(line: string): number {
  return line.length - line.trimStart().length + 1;
}

/** Tabs before the carets stay tabs, so that they line up however wide a terminal shows them. */
function caretsUnder(line: string, from: number, to: number): string {
  const before = line.slice(0, from - 1).replace(/[^\t]/g, ' ');
  return before + '^'.repeat(Math.max(1, to - from));
}
