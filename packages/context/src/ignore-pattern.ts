/** Whether one pattern of an ignore file matches one path by itself; parents are the caller's business. */
export type IgnoreMatch = (path: string) => boolean;

interface Translation {
  regexp: string;
  kind: 'exact' | 'prefix' | 'suffix' | 'regexp';
  inClass: boolean;
}

/**
 * Compiles a cleaned pattern as moby/patternmatcher does: `**` stands for any number of directories, the rest is Go's `filepath.Match`.
 * Undefined when the pattern is malformed in a way that only the regular expression shows (`[z-a]`).
 */
export function compileIgnorePattern(pattern: string): IgnoreMatch | undefined {
  const { regexp, kind } = translate(Array.from(pattern));
  switch (kind) {
    case 'exact':
      return (path) => path === pattern;
    case 'prefix':
      return startsWith(pattern.slice(0, -2));
    case 'suffix':
      return endsWith(pattern.slice(2));
    case 'regexp':
      return compileRegexp(`^${regexp}$`);
  }
}

const startsWith = (prefix: string): IgnoreMatch => (path) => path.startsWith(prefix);

/** `two stars and /foo` also matches `foo` itself. */
const endsWith = (suffix: string): IgnoreMatch => (path) =>
  path.endsWith(suffix) || (suffix.startsWith('/') && path === suffix.slice(1));

function compileRegexp(source: string): IgnoreMatch | undefined {
  try {
    const regexp = new RegExp(source, 'u');
    return (path) => regexp.test(path);
  } catch {
    return undefined;
  }
}

function translate(characters: readonly string[]): Translation {
  const state: Translation = { regexp: '', kind: 'exact', inClass: false };
  let at = 0;
  while (at < characters.length) {
    if (characters[at] === '*' && characters[at + 1] === '*') at = doubleStar(state, characters, at);
    else at = single(state, characters, at);
  }
  return state;
}

/** Answers the index after the stars and the slash that belongs to them. */
function doubleStar(state: Translation, characters: readonly string[], start: number): number {
  let at = start + 2;
  if (characters[at] === '/') at += 1;
  if (at < characters.length) {
    state.regexp += '(?:[^\\n]*/)?';
    state.kind = 'regexp';
  } else if (state.kind === 'exact') {
    state.kind = 'prefix';
  } else {
    state.regexp += '[^\\n]*';
    state.kind = 'regexp';
  }
  if (start === 0) state.kind = 'suffix';
  return at;
}

function single(state: Translation, characters: readonly string[], at: number): number {
  const character = characters[at] ?? '';
  if ('*?[]\\'.includes(character) && !(character === '\\' && at + 1 === characters.length)) state.kind = 'regexp';
  switch (character) {
    case '*':
      state.regexp += '[^/]*';
      return at + 1;
    case '?':
      state.regexp += '[^/]';
      return at + 1;
    case '[':
      state.regexp += state.inClass ? '\\[' : '[';
      state.inClass = true;
      return at + 1;
    case ']':
      state.regexp += state.inClass ? ']' : '\\]';
      state.inClass = false;
      return at + 1;
    case '\\':
      state.regexp += literal(characters[at + 1] ?? '\\', state.inClass);
      return at + 2;
    default:
      state.regexp += /[.+()|{}$/]/.test(character) ? `\\${character}` : character;
      return at + 1;
  }
}

function literal(character: string, inClass: boolean): string {
  return /[\\^$.*+?()[\]{}|/]/.test(character) || (inClass && character === '-') ? `\\${character}` : character;
}
