import type { CheckResult, Violation } from '../library';
import { sourceExcerpt } from './source-excerpt';

/** A check for people, as buildx prints it. */
export function lintText({ violations, error, source, included = {} }: Pick<CheckResult, 'violations' | 'error' | 'source' | 'included'>): string {
  if (violations.length === 0) return error === undefined ? 'Check complete, no warnings found.\n' : '';
  const count = violations.length === 1 ? '1 warning has been found!' : `${violations.length} warnings have been found!`;
  return [`Check complete, ${count}\n`, ...violations.map((violation) => block(violation, included[violation.about.file] ?? source.text))].join('');
}

function block({ code, url, message, hint, about, fix }: Violation, text: string): string {
  const more = [...(hint === undefined ? [] : [`hint: ${hint}`]), ...(fix === undefined ? [] : [`fix: ${fix.title}`])].map((line) => `${line}\n`).join('');
  return `\nWARNING: ${code}${url === undefined ? '' : ` - ${url}`}\n${message}\n${more}${sourceExcerpt(text, about)}`;
}
