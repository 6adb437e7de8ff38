import { goQuote, DockerfileError } from '@strake/api';
import { Environment } from './environment';
import { LexerError, WordLexer, type Lexed } from './word-lexer';

/** How a text is expanded. */
export interface ExpandOptions {
  /** The Dockerfile's escape character. */
  readonly escape: '\\' | '`';
  /** Names of variables ignore case on `windows`. */
  readonly platformOs?: string;
  /** Leaves quotes as they are: for the bodies of here-documents. */
  readonly ignoreQuotes?: boolean;
  /** Quotes stay in the answer, though they still quote. */
  readonly keepQuotes?: boolean;
  /** A variable that is not set stays as it is written. */
  readonly keepUnset?: boolean;
}

/** The variables of a text that was expanded, each once, in the order of the text. */
export interface ExpandedNames {
  readonly used: readonly string[];
  readonly unset: readonly string[];
}

/** A text expanded to one word, and the variables in it. */
export interface ExpandedWord extends ExpandedNames {
  readonly value: string;
}

/** A text expanded and parted into words, and the variables in it. */
export interface ExpandedWords extends ExpandedNames {
  readonly words: readonly string[];
}

/**
 * Expands a text to one word: quotes and escapes are removed, variables put in; blanks stay.
 * Throws a `DockerfileError` INVALID_EXPANSION without range.
 */
export function expandWord(text: string, env: ReadonlyMap<string, string>, options: ExpandOptions): ExpandedWord {
  const environment = new Environment(env, options.platformOs);
  return { value: lex(text, environment, options).value, unset: environment.unset, used: environment.used };
}

/** The same, but blanks that are not quoted part words; those in a variable's value too. */
export function expandWords(text: string, env: ReadonlyMap<string, string>, options: ExpandOptions): ExpandedWords {
  const environment = new Environment(env, options.platformOs);
  return { words: lex(text, environment, options).words, unset: environment.unset, used: environment.used };
}

function lex(text: string, environment: Environment, options: ExpandOptions): Lexed {
  try {
    return new WordLexer(text, environment, options).run();
  } catch (error) {
    if (!(error instanceof LexerError)) throw error;
    throw new DockerfileError('INVALID_EXPANSION', `failed to process ${goQuote(text)}: ${error.message}`);
  }
}
