import { isSpace, skipSpaces } from './whitespace';

/** A flag as the reference keeps it: quotes and escapes removed; offsets are of the text that it stood in. */
export interface SplitFlag {
  readonly raw: string;
  readonly start: number;
  readonly end: number;
}

/** The flags at the start of a text, and where the arguments begin. A bare `--` ends the flags and is dropped. */
export function splitFlags(text: string, from: number, escape: string): { readonly flags: readonly SplitFlag[]; readonly rest: number } {
  const flags: SplitFlag[] = [];
  for (let index = skipSpaces(text, from); ; ) {
    if (text[index] !== '-' || text[index + 1] !== '-') return { flags, rest: index };
    const flag = readFlag(text, index, escape);
    index = skipSpaces(text, flag.end);
    if (flag.raw === '--') return { flags, rest: index };
    flags.push(flag);
  }
}

function readFlag(text: string, start: number, escape: string): SplitFlag {
  let raw = '';
  let quote = '';
  let index = start;
  for (; index < text.length; index += 1) {
    let character = text[index] as string;
    if (quote === '' && isSpace(character)) break;
    if (character === quote) quote = '';
    else if (quote === '' && (character === '"' || character === "'")) quote = character;
    else {
      if (character === escape) {
        index += 1;
        character = text[index] ?? '';
      }
      raw += character;
    }
  }
  return { raw, start, end: Math.min(index, text.length) };
}
