import { DockerfileError, suggest, type Directive, type SourceRange } from '@strake/api';
import { skipSpaces, trimmedLength } from './whitespace';

/** The directives of the language itself. */
export const KNOWN_DIRECTIVES: readonly string[] = ['escape', 'syntax', 'check'];

/** Recognises parser directives, line by line, until the first line that is none. */
export class DirectiveReader {
  readonly found: Directive[] = [];
  private readonly file: string;
  readonly keys: ReadonlySet<string>;
  private done = false;
  private shebang = false;

  /** `keys` are taken besides escape, syntax and check. */
  constructor(file: string, keys: readonly string[] = []) {
    this.file = file;
    this.keys = new Set([...KNOWN_DIRECTIVES, ...keys.map((key) => key.toLowerCase())]);
  }

  /** Whether a line (without its line ending) is a directive. Throws DOCKERFILE_SYNTAX for a second of one key. */
  read(text: string, line: number): Directive | undefined {
    if (line === 1 && text.startsWith('#!')) this.shebang = true;
    if (this.done || (line === 1 && this.shebang)) return undefined;
    const match = matchDirective(text.slice(skipSpaces(text)));
    if (match === undefined || !this.keys.has(match.key)) {
      this.done = true;
      return undefined;
    }
    const range = { file: this.file, start: { line, column: skipSpaces(text) + 1 }, end: { line, column: trimmedLength(text) + 1 } };
    if (this.found.some((directive) => directive.key === match.key)) throw syntaxError(`only one ${match.key} parser directive can be used`, range);
    const ignored = this.shebang && match.key === 'escape';
    const directive = { key: match.key, value: match.value, range, ...(ignored ? { ignored } : {}) };
    this.found.push(directive);
    return directive;
  }
}

/**
 * Why a comment above the first instruction that looks like a directive is none, or undefined: its key is nearly one, or it
 * is one that comes too late.
 */
export function strayDirective(text: string, keys: Iterable<string>): { readonly message: string; readonly hint: string } | undefined {
  const key = matchDirective(text.slice(skipSpaces(text)))?.key;
  if (key === undefined) return undefined;
  const known = [...keys];
  if (known.includes(key)) return { message: `${key} is no directive here`, hint: 'directives come first: nothing else may stand above them' };
  const near = suggest(key, known);
  return near === undefined ? undefined : { message: `there is no directive ${key}`, hint: `did you mean ${near}?` };
}

/** The character of an `escape` directive. Throws DOCKERFILE_SYNTAX. */
export function escapeOf(directive: Directive): '\\' | '`' {
  if (directive.value === '\\' || directive.value === '`') return directive.value;
  throw syntaxError(`invalid escape token '${directive.value}' does not match \` or \\`, directive.range);
}

function matchDirective(text: string): { readonly key: string; readonly value: string } | undefined {
  if (!text.startsWith('#')) return undefined;
  const [, key, rest] = /^([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=([^]*)$/.exec(text.slice(skipSpaces(text, 1))) ?? [];
  if (key === undefined || rest === undefined || rest === '') return undefined;
  const value = rest.slice(skipSpaces(rest), trimmedLength(rest));
  // A value of nothing but blanks is one blank to the reference, which no directive takes; a message says so.
  return { key: key.toLowerCase(), value: value === '' ? ' ' : value };
}

function syntaxError(message: string, range: SourceRange): DockerfileError {
  return new DockerfileError('DOCKERFILE_SYNTAX', message, { range });
}
