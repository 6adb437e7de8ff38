import { parsePattern, type PatternToken } from './go-pattern';

/** A pattern that Go's `filepath.Match` refuses (its `ErrBadPattern`). */
export class BadPatternError extends Error {
  readonly pattern: string;

  constructor(pattern: string) {
    super(`syntax error in pattern "${pattern}"`);
    this.name = 'BadPatternError';
    this.pattern = pattern;
  }
}

/** Go's `filepath.Match` on Unix: whether the whole name matches. Throws a `BadPatternError`, whatever the name is. */
export function goMatch(pattern: string, name: string): boolean {
  const matches = compileGoPattern(pattern);
  if (matches === undefined) throw new BadPatternError(pattern);
  return matches(name);
}

/** A pattern made ready for many names; undefined when it is malformed. */
export function compileGoPattern(pattern: string): ((name: string) => boolean) | undefined {
  const tokens = parsePattern(pattern);
  return tokens && ((name) => matchTokens(tokens, Array.from(name)));
}

/** Whether a path has an unescaped `*`, `?` or `[`: only then is a copy's source a pattern. */
export function hasWildcard(path: string): boolean {
  return /^(?:[^\\*?[]|\\[^])*[*?[]/.test(path);
}

/** Like Go, only the last star is ever extended, and never over a slash: linear in practice. */
function matchTokens(tokens: readonly PatternToken[], name: readonly string[]): boolean {
  let [at, position] = [0, 0];
  let star: { readonly token: number; position: number } | undefined;
  while (position < name.length || at < tokens.length) {
    const token = tokens[at];
    if (token?.kind === 'star') {
      star = { token: at++, position };
    } else if (token !== undefined && matchOne(token, name[position])) {
      [at, position] = [at + 1, position + 1];
    } else {
      if (star === undefined || star.position >= name.length || name[star.position] === '/') return false;
      star.position += 1;
      [at, position] = [star.token + 1, star.position];
    }
  }
  return true;
}

function matchOne(token: PatternToken, character: string | undefined): boolean {
  if (character === undefined) return false;
  switch (token.kind) {
    case 'star':
      return false;
    case 'any':
      return character !== '/';
    case 'literal':
      return character === token.character;
    case 'class': {
      const point = character.codePointAt(0) ?? 0;
      return token.ranges.some(([low, high]) => low <= point && point <= high) !== token.negated;
    }
  }
}
