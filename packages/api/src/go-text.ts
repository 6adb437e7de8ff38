const DURATION_UNITS = [['ns', 1], ['µs', 1e3], ['ms', 1e6]] as const;

const SHORT: Readonly<Record<string, string>> = {
  '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '"': '\\"', '\\': '\\\\',
};

/** A text between double quotes as Go's `strconv.Quote` (`%q`) writes it: histories of images and messages of the reference have it. */
export function goQuote(text: string): string {
  return `"${Array.from(text, quoteCharacter).join('')}"`;
}

/** A list as Go's `%q` prints it: `["a" "b"]`. */
export function goQuoteList(words: readonly string[]): string {
  return `[${words.map(goQuote).join(' ')}]`;
}

/** A number as Go's `%q` prints it: the character of that code between single quotes, `'\x03'`. */
export function goQuoteNumber(code: number): string {
  const valid = code >= 0 && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  const character = String.fromCodePoint(valid ? code : 0xfffd);
  if (character === '"') return `'"'`;
  return character === "'" ? `'\\''` : `'${quoteCharacter(character)}'`;
}

function quoteCharacter(character: string): string {
  const short = SHORT[character];
  if (short !== undefined) return short;
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20 || code === 0x7f) return `\\x${hex(code, 2)}`;
  if (character === ' ' || /^[\p{L}\p{M}\p{N}\p{P}\p{S}]$/u.test(character)) return character;
  return code > 0xffff ? `\\U${hex(code, 8)}` : `\\u${hex(code, 4)}`;
}

function hex(code: number, digits: number): string {
  return code.toString(16).padStart(digits, '0');
}

/** Nanoseconds as Go prints a duration: `1m30s`, `1.5s`, `250ms`. */
export function goDuration(nanoseconds: number): string {
  if (nanoseconds === 0) return '0s';
  if (nanoseconds < 1e9) {
    const [unit, size] = DURATION_UNITS.filter(([, least]) => nanoseconds >= least).at(-1) ?? DURATION_UNITS[0];
    return `${nanoseconds / size}${unit}`;
  }
  const seconds = Math.floor(nanoseconds / 1e9);
  const fraction = String(nanoseconds % 1e9).padStart(9, '0').replace(/0+$/, '');
  const rest = `${seconds % 60}${fraction === '' ? '' : `.${fraction}`}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes === 0) return rest;
  return minutes < 60 ? `${minutes}m${rest}` : `${Math.floor(minutes / 60)}h${minutes % 60}m${rest}`;
}
