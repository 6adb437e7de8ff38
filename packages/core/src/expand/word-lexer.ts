import { CharacterScanner } from './character-scanner';
import type { Environment } from './environment';
import { parameterValue, replacedValue, type Parameter } from './parameter';
import { WordSplitter } from './word-splitter';

/** How much of a text's own punctuation the lexer removes. */
export interface LexerOptions {
  readonly escape: string;
  /** Quotes stay in the answer, though they still quote. */
  readonly keepQuotes?: boolean;
  /** Escape characters stay in the answer, though they still escape. */
  readonly keepEscapes?: boolean;
  /** Quotes are characters like any other. */
  readonly ignoreQuotes?: boolean;
  /** A variable that is not set stays as it is written. */
  readonly keepUnset?: boolean;
}

/** What the lexer throws; callers know the text and the place. */
export class LexerError extends Error {}

/** Text as one word and as the words that its white space parts it into. */
export interface Lexed {
  readonly value: string;
  readonly words: readonly string[];
}

const DEEPEST = 200;

/** Removes quotes and escapes from a text and puts variables in, as BuildKit's `shell.Lex` does. For one text only. */
export class WordLexer {
  private readonly scanner: CharacterScanner;
  private readonly environment: Environment;
  private readonly options: LexerOptions;
  private depth = 0;

  constructor(text: string, environment: Environment, options: LexerOptions) {
    this.scanner = new CharacterScanner(text);
    this.environment = environment;
    this.options = options;
  }

  /** Reads to the end. Throws a `LexerError`. */
  run(): Lexed {
    return this.readUntil(undefined, this.options.keepEscapes === true);
  }

  private readUntil(stop: string | undefined, keepEscapes: boolean): Lexed {
    const splitter = new WordSplitter();
    let value = '';
    for (let character = this.scanner.peek(); character !== undefined; character = this.scanner.peek()) {
      if (character === stop) {
        this.scanner.next();
        return { value, words: splitter.finish() };
      }
      const piece = this.readPiece(character, keepEscapes);
      value += piece.text;
      if (piece.raw) splitter.addRaw(piece.text);
      else splitter.add(piece.text);
    }
    if (stop !== undefined) fail(`unexpected end of statement while looking for matching ${stop}`);
    return { value, words: splitter.finish() };
  }

  private readPiece(character: string, keepEscapes: boolean): { readonly text: string; readonly raw: boolean } {
    if (character === '$') return { text: this.readDollar(), raw: false };
    if (character === '<') return { text: this.readLess(), raw: true };
    if (!this.options.ignoreQuotes && character === "'") return { text: this.readSingleQuoted(), raw: true };
    if (!this.options.ignoreQuotes && character === '"') return { text: this.readDoubleQuoted(keepEscapes), raw: true };
    this.scanner.next();
    if (character !== this.options.escape) return { text: character, raw: false };
    return { text: (keepEscapes ? character : '') + (this.scanner.next() ?? ''), raw: true };
  }

  /** `<<` keeps the blanks after it in its word, so that `<< EOF` is one. */
  private readLess(): string {
    this.scanner.next();
    if (this.scanner.peek() !== '<') return '<';
    this.scanner.next();
    return `<<${this.scanner.takeWhile((character) => character === ' ' || character === '\t' || character === '\r')}`;
  }

  private readSingleQuoted(): string {
    this.scanner.next();
    const inner = this.scanner.takeWhile((character) => character !== "'");
    if (this.scanner.next() === undefined) fail('unexpected end of statement while looking for matching single-quote');
    return this.options.keepQuotes ? `'${inner}'` : inner;
  }

  private readDoubleQuoted(keepEscapes: boolean): string {
    this.scanner.next();
    let inner = '';
    for (let character = this.scanner.peek(); character !== '"'; character = this.scanner.peek()) {
      if (character === undefined) fail('unexpected end of statement while looking for matching double-quote');
      inner += character === '$' ? this.readDollar() : this.readInQuotes(keepEscapes);
    }
    this.scanner.next();
    return this.options.keepQuotes ? `"${inner}"` : inner;
  }

  /** Between double quotes only quotes, dollars and the escape character itself can be escaped. */
  private readInQuotes(keepEscapes: boolean): string {
    const { escape } = this.options;
    const character = this.scanner.next() ?? '';
    if (character !== escape) return character;
    const kept = keepEscapes ? character : '';
    const escaped = this.scanner.peek();
    if (escaped === undefined) return kept;
    if (escaped !== '"' && escaped !== '$' && escaped !== escape) return kept + character;
    this.scanner.next();
    return kept + escaped;
  }

  private readDollar(): string {
    this.scanner.next();
    if (this.scanner.peek() === '{') return this.nested(() => this.readBraces());
    const name = this.readName();
    if (name === '') return '$';
    return this.environment.get(name) ?? (this.options.keepUnset ? `$${name}` : '');
  }

  private nested(read: () => string): string {
    this.depth += 1;
    if (this.depth > DEEPEST) fail(`substitutions are nested more than ${DEEPEST} deep`);
    const text = read();
    this.depth -= 1;
    return text;
  }

  private readBraces(): string {
    this.scanner.next();
    const first = this.scanner.peek();
    if (first === undefined) fail("syntax error: missing '}'");
    if (first === '{' || first === '}' || first === ':') fail('syntax error: bad substitution');
    const name = this.readName();
    const operator = this.scanner.next();
    if (operator === '}') return this.environment.get(name) ?? (this.options.keepUnset ? `\${${name}}` : '');
    if (operator === '/') return this.readReplacement(name);
    if (operator === ':') return this.readModifier(name, this.scanner.next(), true);
    return this.readModifier(name, operator, false);
  }

  private readModifier(name: string, operator: string | undefined, colon: boolean): string {
    const written = `${colon ? ':' : ''}${operator ?? ''}`;
    if (operator === undefined) fail("syntax error: missing '}'");
    const trims = operator === '#' || operator === '%';
    if (!isOperator(operator) || (colon && trims)) fail(`unsupported modifier (${written}) in substitution`);
    const word = this.readClosed('}', trims, "syntax error: missing '}'");
    const value = this.environment.get(name);
    if (value === undefined && this.options.keepUnset) return `\${${name}${written}${word}}`;
    return parameterValue({ name, value, operator, colon, word }, fail);
  }

  private readReplacement(name: string): string {
    const all = this.scanner.peek() === '/';
    if (all) this.scanner.next();
    const pattern = this.readClosed('/', true, "syntax error: missing '/' in ${}");
    const replacement = this.readClosed('}', true, "syntax error: missing '}'");
    const value = this.environment.get(name);
    if (value === undefined && this.options.keepUnset) return `\${${name}/${pattern}/${replacement}}`;
    return replacedValue(value, pattern, replacement, all, fail);
  }

  private readClosed(stop: string, keepEscapes: boolean, missing: string): string {
    try {
      return this.readUntil(stop, keepEscapes).value;
    } catch (error) {
      if (error instanceof LexerError && this.scanner.peek() === undefined) fail(missing);
      throw error;
    }
  }

  /** Letters, digits and `_`; or digits alone; or one special parameter (POSIX XCU 2.5.2). Empty when there is none. */
  private readName(): string {
    const first = this.scanner.peek() ?? '';
    if (/^\p{Nd}/u.test(first)) return this.scanner.takeWhile((character) => /^\p{Nd}/u.test(character));
    if (first !== '' && '@*#?-$!'.includes(first)) return this.scanner.next() ?? '';
    return this.scanner.takeWhile((character) => /^[\p{L}\p{Nd}_]/u.test(character));
  }
}

function isOperator(text: string): text is Parameter['operator'] {
  return text.length === 1 && '-+?#%'.includes(text);
}

function fail(message: string): never {
  throw new LexerError(message);
}
