import { trimSpaces } from './whitespace';

/** What a text is when it is looked at as JSON form: an array of strings, an array of other things too, or no array. */
export type JsonForm = { readonly kind: 'strings'; readonly strings: readonly string[] } | { readonly kind: 'mixed' } | { readonly kind: 'none' };

/** Arrays nested deeper are no JSON to Go. */
const DEEPEST = 10_000;

/** Reads a text as Go's `encoding/json` reads `[]any`: lone surrogates become U+FFFD, numbers must fit a double. */
export function jsonForm(text: string): JsonForm {
  const trimmed = trimSpaces(text);
  if (!trimmed.startsWith('[')) return { kind: 'none' };
  let value: unknown;
  try {
    value = JSON.parse(trimmed);
  } catch {
    return { kind: 'none' };
  }
  if (!Array.isArray(value)) return { kind: 'none' };
  if (value.every((element): element is string => typeof element === 'string')) return { kind: 'strings', strings: value.map(wellFormed) };
  return fitsGo(value) ? { kind: 'mixed' } : { kind: 'none' };
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}

function fitsGo(root: object): boolean {
  let level: readonly unknown[] = [root];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > DEEPEST || level.some((value) => typeof value === 'number' && !Number.isFinite(value))) return false;
    level = level.flatMap((value) => (typeof value === 'object' && value !== null ? (Object.values(value) as unknown[]) : []));
  }
  return true;
}
