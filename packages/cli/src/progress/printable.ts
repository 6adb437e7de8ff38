import { stripVTControlCharacters } from 'node:util';

// C0 but tab, DEL, C1, and the characters that change the direction of text
const unprintable = /[\u0000-\u0008\u000a-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A line of a program's output as it may stand in a redrawn block: no escape sequence or control character survives, and of text overwritten by carriage returns only the last is kept. */
export function printable(line: string): string {
  const visible = stripVTControlCharacters(line).replace(/\r+$/, '');
  return visible.slice(visible.lastIndexOf('\r') + 1).replaceAll('\t', '    ').replace(unprintable, '');
}
