import { matchGlob, parseGlob, type GlobToken } from './glob';

/** `${name#p}` and `${name##p}`: the value without the shortest or longest match at its start. */
export function trimPrefix(value: string, pattern: readonly GlobToken[], longest: boolean): string {
  const characters = Array.from(value);
  const match = matchGlob(pattern, characters, 0);
  if (match === undefined) return value;
  return characters.slice(longest ? match.longest : match.shortest).join('');
}

/** `${name%p}` and `${name%%p}`: the same at its end. */
export function trimSuffix(value: string, pattern: readonly GlobToken[], longest: boolean): string {
  const reversed = trimPrefix(Array.from(value).reverse().join(''), [...pattern].reverse(), longest);
  return Array.from(reversed).reverse().join('');
}

/** `${name/p/r}` and `${name//p/r}`: the leftmost match, as long as can be, replaced; or all that do not overlap. */
export function replaceMatches(value: string, pattern: readonly GlobToken[], replacement: string, all: boolean): string {
  const characters = Array.from(value);
  const parts: string[] = [];
  let index = 0;
  let afterMatch = -1;
  while (index <= characters.length) {
    const end = matchGlob(pattern, characters, index)?.longest;
    const counts = end !== undefined && !(end === index && index === afterMatch);
    if (counts) {
      parts.push(replacement);
      if (!all) return parts.join('') + characters.slice(end).join('');
    }
    if (counts && end > index) {
      index = end;
      afterMatch = end;
    } else {
      parts.push(characters[index] ?? '');
      index += 1;
    }
  }
  return parts.join('');
}

/** A pattern's tokens; throws with the reference's text when it is none. */
export function patternOf(text: string, fail: (message: string) => never): readonly GlobToken[] {
  const tokens = parseGlob(text);
  return typeof tokens === 'string' ? fail(`invalid pattern (${text}) in substitution: ${tokens}`) : tokens;
}
