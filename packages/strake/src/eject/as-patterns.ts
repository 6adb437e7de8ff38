import { unsayable } from './config-lines';

/** A path as a pattern that matches it alone: a pattern without a match is nothing. Every part is one, so that no directory has to be there. */
export function asPatterns(source: string): string {
  return source.split('/').map((part) => {
    if (part === '' || part === '.' || /[*?[\\]/.test(part)) return part;
    const last = part.at(-1) ?? '';
    if (!/[A-Za-z0-9._]/.test(last)) throw unsayable(`the optional source ${source}`);
    return `${part.slice(0, -1)}[${last}]`;
  }).join('/');
}
