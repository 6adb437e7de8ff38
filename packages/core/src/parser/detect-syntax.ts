import { jsonObject } from './json-object';

/** The frontend that a file asks for. */
export interface SyntaxRequest {
  /** The image's reference. */
  readonly image: string;
  /** How the file says it: `#` in a Dockerfile, `//` and `json` in files that are none. */
  readonly form: '#' | '//' | 'json';
  /** The line, from 1. */
  readonly line: number;
}

const DIRECTIVE = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*$/;

/** Finds `# syntax=`, `// syntax=` or `{"syntax": …}` as BuildKit does before it parses anything. A `#!` line may stand above. */
export function detectSyntax(source: string): SyntaxRequest | undefined {
  const text = source.replace(/^\ufeff/, '');
  const skipped = text.startsWith('#!') ? 1 : 0;
  const rest = skipped === 0 ? text : text.slice(text.indexOf('\n') + 1 || text.length);
  return directive(rest, '#', skipped) ?? directive(rest, '//', skipped) ?? fromJson(rest, skipped);
}

function directive(text: string, form: '#' | '//', skipped: number): SyntaxRequest | undefined {
  for (let start = 0, line = skipped + 1; text.startsWith(form, start); line += 1) {
    const end = text.indexOf('\n', start);
    const [, key = '', value = ''] = DIRECTIVE.exec(text.slice(start + form.length, end < 0 ? text.length : end).trimStart()) ?? [];
    if (key.toLowerCase() === 'syntax') return { image: value.split(' ', 1)[0] ?? '', form, line };
    if (end < 0 || !['escape', 'check'].includes(key.toLowerCase())) return undefined;
    start = end + 1;
  }
  return undefined;
}

function fromJson(text: string, skipped: number): SyntaxRequest | undefined {
  const image = jsonObject(text)?.['syntax'];
  return typeof image === 'string' ? { image, form: 'json', line: skipped + 1 } : undefined;
}
