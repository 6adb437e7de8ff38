import type { Diagnostic } from '@strake/api';

/** One warning on one line: `WARN: Rule: message (Dockerfile:3:1) hint`. */
export function warningText(diagnostic: Diagnostic): string {
  const { code, message, range, hint } = diagnostic;
  const place = range === undefined ? '' : ` (${range.file}:${range.start.line}:${range.start.column})`;
  return `WARN: ${code}: ${message}${place}${hint === undefined ? '' : ` - ${hint}`}`;
}
