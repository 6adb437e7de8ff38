import type { SourceRange } from '@strake/api';
import { isBlank, isSpace } from './whitespace';

/** A word of an instruction's arguments, unexpanded. */
export interface ArgumentWord {
  readonly text: string;
  readonly range: SourceRange;
}

/** A word and where it stands in the text that it was split from. */
export interface SplitWord {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Words that blanks part, whatever quotes they hold. The text has no blanks at its ends. */
export function splitByBlanks(text: string): readonly SplitWord[] {
  const words: SplitWord[] = [];
  for (let start = 0; start < text.length; ) {
    let end = start;
    while (end < text.length && !isBlank(text[end])) end += 1;
    words.push({ text: text.slice(start, end), start, end });
    while (end < text.length && isBlank(text[end])) end += 1;
    start = end;
  }
  return words;
}

/** Words that white space outside of quotes parts; quotes and escapes stay, an escape character at the very end does not. */
export function splitQuoted(text: string, escape: string): readonly SplitWord[] {
  const words: SplitWord[] = [];
  for (let index = 0; index < text.length; ) {
    if (isSpace(text[index])) {
      index += 1;
      continue;
    }
    const word = readQuoted(text, index, escape);
    if (word.text !== '') words.push(word);
    index = word.end;
  }
  return words;
}

function readQuoted(text: string, start: number, escape: string): SplitWord {
  let word = '';
  let quote = '';
  let index = start;
  for (; index < text.length; index += 1) {
    const character = text[index] as string;
    if (quote === '' && isSpace(character)) break;
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    if (character === escape && quote !== "'") {
      if (index + 1 === text.length) continue;
      word += character;
      index += 1;
    }
    word += text[index] as string;
  }
  return { text: word, start, end: index };
}
