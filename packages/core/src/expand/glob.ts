/** One piece of a shell pattern: any text within a line, any one character, or a character as it is. */
export type GlobToken = { readonly kind: 'any' } | { readonly kind: 'one' } | { readonly kind: 'literal'; readonly character: string };

/**
 * Reads a shell pattern of `*`, `?` and `\`-escapes, without bracket expressions (POSIX XCU 2.13).
 * Answers a message instead when an escape makes no sense.
 */
export function parseGlob(pattern: string): readonly GlobToken[] | string {
  const characters = Array.from(pattern);
  const tokens: GlobToken[] = [];
  for (let index = 0; index < characters.length; index += 1) {
    const character = characters[index] as string;
    if (character === '*') tokens.push({ kind: 'any' });
    else if (character === '?') tokens.push({ kind: 'one' });
    else if (character !== '\\') tokens.push({ kind: 'literal', character });
    else {
      index += 1;
      const escaped = characters[index];
      if (escaped === undefined || !'*?\\}/'.includes(escaped)) return `invalid escape '\\${escaped ?? ''}'`;
      tokens.push({ kind: 'literal', character: escaped });
    }
  }
  return tokens;
}

/** Where matches of `tokens` that begin at `start` end: the nearest and the farthest end, or undefined when nothing matches. */
export function matchGlob(tokens: readonly GlobToken[], text: readonly string[], start: number): { readonly shortest: number; readonly longest: number } | undefined {
  let states = closeOver(tokens, new Set([0]));
  let shortest: number | undefined;
  let longest = -1;
  for (let index = start; ; index += 1) {
    if (states.has(tokens.length)) {
      shortest ??= index;
      longest = index;
    }
    const character = text[index];
    if (character === undefined || states.size === 0) break;
    states = closeOver(tokens, step(tokens, states, character));
  }
  return shortest === undefined ? undefined : { shortest, longest };
}

/** All states at once, so that no pattern takes more than pattern times text: a backtracking matcher could take forever. */
function step(tokens: readonly GlobToken[], states: ReadonlySet<number>, character: string): Set<number> {
  const next = new Set<number>();
  for (const state of states) {
    const token = tokens[state];
    if (token === undefined) continue;
    if (token.kind === 'literal' ? token.character === character : character !== '\n') next.add(token.kind === 'any' ? state : state + 1);
  }
  return next;
}

function closeOver(tokens: readonly GlobToken[], states: Set<number>): Set<number> {
  for (const state of states) if (tokens[state]?.kind === 'any') states.add(state + 1);
  return states;
}
