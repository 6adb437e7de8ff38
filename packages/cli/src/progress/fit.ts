import stringWidth from 'string-width';

/** Made when a text needs it: that takes as long as half of a short command. */
let graphemes: Intl.Segmenter | undefined;
const ascii = /^[\x20-\x7e]*$/;

/** Columns that a text without control characters takes on a terminal. */
export function columns(text: string): number {
  return ascii.test(text) ? text.length : stringWidth(text);
}

/** The longest beginning of a text that fits into a width; never half a character, and an ellipsis where it was cut. */
export function fit(text: string, width: number): string {
  if (columns(text) <= width) return text;
  if (width < 1) return '';
  if (ascii.test(text)) return `${text.slice(0, width - 1)}…`;
  graphemes ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  let kept = '';
  let used = 1;
  for (const { segment } of graphemes.segment(text)) {
    used += columns(segment);
    if (used > width) break;
    kept += segment;
  }
  return `${kept}…`;
}

/** A text and a right-hand text on one line of exactly `width` columns; the left one gives way. */
export function spread(left: string, right: string, width: number): string {
  if (columns(right) + 1 >= width) return fit(left, width);
  const room = width - columns(right) - 1;
  const fitted = fit(left, room);
  return `${fitted}${' '.repeat(room - columns(fitted) + 1)}${right}`;
}
