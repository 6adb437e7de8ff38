/** One piece of a Go pattern. A character is one code point. */
export type PatternToken =
  | { readonly kind: 'star' }
  | { readonly kind: 'any' }
  | { readonly kind: 'literal'; readonly character: string }
  | { readonly kind: 'class'; readonly negated: boolean; readonly ranges: readonly (readonly [low: number, high: number])[] };

interface Cursor {
  readonly characters: readonly string[];
  at: number;
}

/** Reads a pattern of Go's `filepath.Match`; undefined when it is malformed. */
export function parsePattern(pattern: string): readonly PatternToken[] | undefined {
  const cursor: Cursor = { characters: Array.from(pattern), at: 0 };
  const tokens: PatternToken[] = [];
  while (cursor.at < cursor.characters.length) {
    const token = readToken(cursor);
    if (token === undefined) return undefined;
    if (token.kind !== 'star' || tokens.at(-1)?.kind !== 'star') tokens.push(token);
  }
  return tokens;
}

function readToken(cursor: Cursor): PatternToken | undefined {
  const character = cursor.characters[cursor.at++];
  switch (character) {
    case '*':
      return { kind: 'star' };
    case '?':
      return { kind: 'any' };
    case '[':
      return readClass(cursor);
    case '\\': {
      const escaped = cursor.characters[cursor.at++];
      return escaped === undefined ? undefined : { kind: 'literal', character: escaped };
    }
    default:
      return character === undefined ? undefined : { kind: 'literal', character };
  }
}

function readClass(cursor: Cursor): PatternToken | undefined {
  const negated = cursor.characters[cursor.at] === '^';
  if (negated) cursor.at += 1;
  const ranges: (readonly [number, number])[] = [];
  while (cursor.characters[cursor.at] !== ']' || ranges.length === 0) {
    const low = readMember(cursor);
    if (low === undefined) return undefined;
    let high: number | undefined = low;
    if (cursor.characters[cursor.at] === '-') {
      cursor.at += 1;
      high = readMember(cursor);
      if (high === undefined) return undefined;
    }
    ranges.push([low, high]);
  }
  cursor.at += 1;
  return { kind: 'class', negated, ranges };
}

/** A member of a class is never a bare `-` or `]`, and something must follow it. */
function readMember(cursor: Cursor): number | undefined {
  let character = cursor.characters[cursor.at];
  if (character === '-' || character === ']') return undefined;
  if (character === '\\') character = cursor.characters[++cursor.at];
  cursor.at += 1;
  if (cursor.at >= cursor.characters.length) return undefined;
  return character?.codePointAt(0);
}
