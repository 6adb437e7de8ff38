type Escape = '\\' | '`';

/** A word between double quotes that is expanded to the text itself. */
export function quoted(text: string, escape: Escape): string {
  if (/[\r\n]/.test(text) || text === '') return `"${text}"`;
  return `"${text.replace(/["$\\`]/g, (character) => (character === '`' && escape === '\\' ? character : `${escape}${character}`))}"`;
}

/** A string of JSON form that is expanded to the text itself. */
export function jsonWord(text: string, escape: Escape): string {
  return JSON.stringify(text.replace(/["'$\\`]/g, (character) => (character === '`' && escape === '\\' ? character : `${escape}${character}`)));
}
