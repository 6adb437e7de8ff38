/** The words of a text that blanks outside of quotes part; quotes and escapes stay. */
export function quotedWords(text: string, escape: '\\' | '`'): readonly string[] {
  const words: string[] = [];
  let word = '';
  let quote = '';
  for (let index = 0; index < text.length; index += 1) {
    const character = text.charAt(index);
    if (quote === '' && /\s/.test(character)) {
      if (word !== '') words.push(word);
      word = '';
      continue;
    }
    if (quote === '' && (character === '"' || character === "'")) quote = character;
    else if (character === quote) quote = '';
    const escaped = character === escape && quote !== "'";
    word += escaped ? text.slice(index, index + 2) : character;
    if (escaped) index += 1;
  }
  return word === '' ? words : [...words, word];
}

/** The first of them; empty when there is none. */
export function firstQuotedWord(text: string, escape: '\\' | '`'): string {
  return quotedWords(text, escape)[0] ?? '';
}
