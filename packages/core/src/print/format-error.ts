import type { StrakeError } from '@strake/api';
import { excerpt } from './excerpt';

/** How an error is printed. */
export interface FormatOptions {
  /** ANSI colours; none by default. */
  readonly color?: boolean;
}

/**
 * An error for people: `file:line:column: message`, the lines that it is about with carets (given the file's text),
 * `hint:` and notes. Several lines, without a line feed at the end.
 */
export function formatError(error: StrakeError, source?: string, options: FormatOptions = {}): string {
  const paint = (style: string, text: string): string => (options.color ? `\u001b[${style}m${text}\u001b[0m` : text);
  const { range } = error;
  const place = range === undefined ? '' : `${range.file}:${range.start.line}:${range.start.column}: `;
  const lines = [paint('1', place) + paint('1;31', error.message)];
  if (range !== undefined && source !== undefined) {
    lines.push(...excerpt(source, range).map((line) => (/^ *\| [\t ]*\^+$/.test(line) ? paint('31', line) : line)));
  }
  if (error.hint !== undefined) lines.push(`${paint('36', 'hint:')} ${error.hint}`);
  lines.push(...error.notes.map((note) => `note: ${note}`));
  return lines.join('\n');
}
