const BLANKS = new Set([...'\t\n\v\f\r \u0085\u00a0\u1680\u2028\u2029\u202f\u205f\u3000']);

/** Whether a character is white space as Go's `unicode.IsSpace` has it (JavaScript's `\s` also takes U+FEFF). */
export function isSpace(character: string | undefined): boolean {
  return character !== undefined && (BLANKS.has(character) || (character >= '\u2000' && character <= '\u200a'));
}

/** The first index at or after `from` that holds no white space; the text's length when there is none. */
export function skipSpaces(text: string, from = 0): number {
  let index = from;
  while (index < text.length && isSpace(text[index])) index += 1;
  return index;
}

/** The length of a text without the white space at its end. */
export function trimmedLength(text: string): number {
  let length = text.length;
  while (length > 0 && isSpace(text[length - 1])) length -= 1;
  return length;
}

/** A text without white space at both ends. */
export function trimSpaces(text: string): string {
  const start = skipSpaces(text);
  return start === text.length ? '' : text.slice(start, trimmedLength(text));
}

/** A line without carriage returns and line feeds at its end. */
export function trimNewline(line: string): string {
  let length = line.length;
  while (length > 0 && (line[length - 1] === '\n' || line[length - 1] === '\r')) length -= 1;
  return line.slice(0, length);
}

/** Whether a character parts a keyword from its arguments, and words from each other (a line feed does not). */
export function isBlank(character: string | undefined): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\f' || character === '\v';
}
