import { Environment } from '../expand/environment';
import { LexerError, WordLexer, type LexerOptions } from '../expand/word-lexer';

/** What a word such as `3<<-"EOF"` says of the here-document that it begins. */
export interface HeredocWord {
  readonly name: string;
  /** Without the descriptor. */
  readonly written: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
}

// Whatever the Dockerfile's escape character is: the words are those of a POSIX shell.
const WORD: LexerOptions = { escape: '\\', keepUnset: true };

/** The here-documents that a joined line asks for, in order. Throws a `LexerError` for a word whose quotes do not end. */
export function heredocWords(line: string): readonly HeredocWord[] {
  if (!line.includes('<<')) return [];
  return wordsOf(line).flatMap((word) => heredocWord(word) ?? []);
}

/** Reads a word as a here-document, or undefined when it is none. Throws a `LexerError`. */
export function heredocWord(word: string): HeredocWord | undefined {
  const [, descriptor, dash, rest] = /^(\d*)<<(-?)[\t\n\f\r ]*([^<]*)$/.exec(word) ?? [];
  if (descriptor === undefined || rest === undefined || rest === '') return undefined;
  const names = lex(rest, WORD);
  const name = names[0];
  if (name === undefined || names.length > 1) return undefined;
  const quoted = lex(rest, { ...WORD, keepQuotes: true })[0] ?? '';
  return {
    name,
    written: word.slice(descriptor.length),
    expand: countQuotes(quoted) === countQuotes(name),
    chomp: dash === '-',
    fileDescriptor: Number(descriptor),
  };
}

/** Whether a word begins a here-document. */
export function isHeredocWord(word: string): boolean {
  try {
    return heredocWord(word) !== undefined;
  } catch (error) {
    if (error instanceof LexerError) return false;
    throw error;
  }
}

/** A line that is no shell text has no here-documents; the instruction's own rules may still take it. */
function wordsOf(line: string): readonly string[] {
  try {
    return lex(line, { ...WORD, keepQuotes: true, keepEscapes: true });
  } catch (error) {
    if (error instanceof LexerError) return [];
    throw error;
  }
}

function lex(text: string, options: LexerOptions): readonly string[] {
  return new WordLexer(text, new Environment(new Map()), options).run().words;
}

function countQuotes(text: string): number {
  return text.split(/['"]/).length - 1;
}
