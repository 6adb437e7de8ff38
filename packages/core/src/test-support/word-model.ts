import fc from 'fast-check';

/** A piece of a word, as its grammar has it: what the lexer has to find out again. */
export type Piece =
  | { readonly kind: 'plain'; readonly text: string }
  | { readonly kind: 'escaped'; readonly character: string }
  | { readonly kind: 'single'; readonly text: string }
  | { readonly kind: 'double'; readonly inner: readonly Piece[] }
  | { readonly kind: 'variable'; readonly name: string; readonly after: string }
  | { readonly kind: 'braces'; readonly name: string; readonly operator: '' | '-' | ':-' | '+' | ':+' | '?' | ':?'; readonly word: readonly Piece[] };

export const NAMES = ['A', 'b', 'C_1'] as const;

/** Variables that are set, to what could be mistaken for syntax. */
export const variables = fc.dictionary(fc.constantFrom(...NAMES), fc.constantFrom('', 'x', 'a b', ' c ', '$A', '"', '\\', '}'), { maxKeys: 3 });

const operator = fc.constantFrom('', '-', ':-', '+', ':+', '?', ':?');
const name = fc.constantFrom(...NAMES);

/** Words with quotes and nested substitutions. */
export const pieces: fc.Arbitrary<readonly Piece[]> = fc.letrec<{ pieces: readonly Piece[]; quoted: readonly Piece[] }>((tie) => {
  const braces = fc.record({ kind: fc.constant('braces'), name, operator, word: tie('pieces') });
  const variable = fc.record({ kind: fc.constant('variable'), name, after: fc.constantFrom('.', '/', '-', ' ') });
  const plain = fc.record({ kind: fc.constant('plain'), text: fc.constantFrom('a', 'é', '😀', '-/.', ' ', 'b  c', '=', '#', '?', ':') });
  const escaped = fc.record({ kind: fc.constant('escaped'), character: fc.constantFrom('$', '"', "'", ' ', 'n', '}', '\\', '`') });
  const single = fc.record({ kind: fc.constant('single'), text: fc.constantFrom('', 'q', '$A', ' "', '\\', '`', '}') });
  const double = fc.record({ kind: fc.constant('double'), inner: tie('quoted') });
  const quotes = fc.record({ kind: fc.constant('plain'), text: fc.constant("'") });
  return {
    pieces: fc.array(fc.oneof({ maxDepth: 3 }, plain, escaped, single, variable, double, braces), { maxLength: 4 }),
    quoted: fc.array(fc.oneof({ maxDepth: 3 }, plain, quotes, escaped, variable, braces), { maxLength: 3 }),
  };
}).pieces;

/** A word as it stands in a Dockerfile with that escape character. */
export function write(word: readonly Piece[], escape: string): string {
  return word.map((piece) => writePiece(piece, escape)).join('');
}

function writePiece(piece: Piece, escape: string): string {
  switch (piece.kind) {
    case 'plain': return piece.text;
    case 'escaped': return escape + piece.character;
    case 'single': return `'${piece.text}'`;
    case 'double': return `"${write(piece.inner, escape)}"`;
    case 'variable': return `$${piece.name}${piece.after}`;
    case 'braces': return `\${${piece.name}${piece.operator}${piece.operator === '' ? '' : write(piece.word, escape)}}`;
  }
}

/** What a required variable that is not there is refused with. */
export class Refused extends Error {}

/** The model: what a word means, said without reading any text. POSIX XCU 2.6.2, but words count where they are not needed, too. */
export class WordModel {
  readonly unset = new Set<string>();

  constructor(
    private readonly env: Readonly<Record<string, string>>,
    private readonly escape: string,
  ) {}

  value(word: readonly Piece[]): string {
    return word.map((piece) => this.piece(piece, false)).join('');
  }

  /** Blanks part words unless they are quoted or escaped; empty words are none. */
  words(word: readonly Piece[]): readonly string[] {
    const marked = word.map((piece) => (isQuoted(piece) ? this.piece(piece, false).replaceAll(' ', '\u0000') : this.piece(piece, false)));
    return marked.join('').split(/ +/).filter((text) => text !== '').map((text) => text.replaceAll('\u0000', ' '));
  }

  private piece(piece: Piece, inQuotes: boolean): string {
    switch (piece.kind) {
      case 'plain':
      case 'single': return piece.text;
      case 'escaped': return inQuotes && !['"', '$', this.escape].includes(piece.character) ? this.escape + piece.character : piece.character;
      case 'double': return piece.inner.map((inner) => this.piece(inner, true)).join('');
      case 'variable': return (this.look(piece.name) ?? '') + piece.after;
      case 'braces': return this.braces(piece);
    }
  }

  private braces({ name: variable, operator: written, word }: Extract<Piece, { kind: 'braces' }>): string {
    const other = written === '' ? '' : this.value(word);
    const value = this.look(variable);
    const isThere = value !== undefined && !(written.startsWith(':') && value === '');
    if (written.endsWith('+')) return isThere ? other : '';
    if (isThere) return value;
    if (written.endsWith('?')) throw new Refused(`${variable}: ${other === '' ? `is not allowed to be ${value === undefined ? 'unset' : 'empty'}` : other}`);
    return other;
  }

  private look(variable: string): string | undefined {
    const value = this.env[variable];
    if (value === undefined) this.unset.add(variable);
    return value;
  }
}

/** A single-quoted, double-quoted or escaped piece keeps its blanks; a substitution's do part words, whatever is quoted in it. */
const isQuoted = ({ kind }: Piece): boolean => kind === 'single' || kind === 'double' || kind === 'escaped';
