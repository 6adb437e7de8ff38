const SHORT: Readonly<Record<string, string>> = { '\u0007': '\\a', '\u000b': '\\v' };

/** A text in double quotes as Go's `%q` prints it: histories of images are written so. */
export function goQuote(text: string): string {
  return JSON.stringify(text)
    .replace(/\\\\|\\u00([0-9a-f]{2})/g, (found, hex: string | undefined) => {
      if (hex === undefined) return found;
      return SHORT[String.fromCharCode(parseInt(hex, 16))] ?? `\\x${hex}`;
    })
    .replaceAll('\u007f', '\\x7f');
}

/** A list as Go's `%q` prints it: `["a" "b"]`. */
export function goQuoteList(words: readonly string[]): string {
  return `[${words.map(goQuote).join(' ')}]`;
}
