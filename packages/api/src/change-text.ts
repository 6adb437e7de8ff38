import type { KeyChange } from './cache';

const MOST = 60;

/** One change in a person's words: `file src/a.ts changed (mode)`, `build argument VERSION changed from 1 to 2`. */
export function changeText(change: KeyChange): string {
  const { what, name, how, before, after, aspects = [] } = change;
  switch (what) {
    case 'instruction': return `the instruction was ${quoted(before ?? '')}`;
    case 'base': return before === undefined || after === undefined ? `the image ${name} ${verb(how)}` : `the image ${imageChange(name, before, after)}`;
    case 'file': return `file ${name} ${verb(how)}${isOnlyContent(aspects) ? '' : ` (${aspects.join(', ')})`}`;
    case 'argument': return `build argument ${name} ${verb(how)}${values(before, after)}`;
    case 'variable': return `variable ${name} ${verb(how)}${values(before, after)}`;
    case 'step': return `${name} ${verb(how)}`;
    case 'part': return `${name} ${verb(how)}${values(before, after)}`;
  }
}

const verb = (how: KeyChange['how']): string => ({ changed: 'changed', added: 'is new', removed: 'is gone' })[how];

const isOnlyContent = (aspects: readonly string[]): boolean => aspects.length === 0 || (aspects.length === 1 && aspects[0] === 'content');

function values(before: string | undefined, after: string | undefined): string {
  return before === undefined || after === undefined ? '' : ` from ${quoted(before)} to ${quoted(after)}`;
}

function quoted(text: string): string {
  return JSON.stringify(text.length > MOST ? `${text.slice(0, MOST - 3)}...` : text);
}

/** Of one name the digests, short as docker shows them; of two the names. */
function imageChange(name: string, before: string, after: string): string {
  const [old, now] = [before, after].map((text) => text.split('@'));
  if (old?.[0] !== now?.[0]) return `was ${quoted(old?.[0] ?? before)}, is ${quoted(now?.[0] ?? after)}`;
  return `${name} changed from ${short(old?.[1])} to ${short(now?.[1])}`;
}

const short = (digest = 'none'): string => digest.replace(/^sha256:/, '').slice(0, 12);
