import { isUtf8 } from 'node:buffer';

/**
 * Names are bytes to Linux and strings here. A byte that is no UTF-8 becomes a lone surrogate U+DC80 to U+DCFF
 * (Python's "surrogateescape"), so that every name is a distinct string and none is lost.
 */
export function decodeName(bytes: Buffer): string {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  let name = '';
  for (let at = 0; at < bytes.length; ) {
    const length = characterLength(bytes, at);
    name += length === 0 ? String.fromCharCode(0xdc00 + (bytes[at] ?? 0)) : bytes.toString('utf8', at, at + length);
    at += Math.max(1, length);
  }
  return name;
}

/** What a system call takes for a decoded path: itself, or the bytes where it is no UTF-8. */
export function encodePath(path: string): string | Buffer {
  return isPlain(path) ? path : pathBytes(path);
}

/** The bytes of a decoded name or path. */
export function pathBytes(path: string): Buffer {
  if (isPlain(path)) return Buffer.from(path, 'utf8');
  return Buffer.concat(Array.from(path, (character) => {
    const code = character.charCodeAt(0);
    return character.length === 1 && code >= 0xdc80 && code <= 0xdcff ? Buffer.from([code - 0xdc00]) : Buffer.from(character);
  }));
}

/** Orders names and paths by their bytes, as Go does. UTF-16 order differs only where surrogates take part. */
export function compareNames(left: string, right: string): number {
  if (SURROGATE.test(left) || SURROGATE.test(right)) return Buffer.compare(pathBytes(left), pathBytes(right));
  return compareUnits(left, right);
}

/** Sorts what has paths by the paths' bytes, in place. */
export function sortByPath<T extends { readonly path: string }>(items: T[]): T[] {
  const compare = items.some(({ path }) => SURROGATE.test(path)) ? compareNames : compareUnits;
  return items.sort((left, right) => compare(left.path, right.path));
}

const compareUnits = (left: string, right: string): number => (left < right ? -1 : left > right ? 1 : 0);

const SURROGATE = /[\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;
const isPlain = (path: string): boolean => !LONE_SURROGATE.test(path);

/** The length of the valid UTF-8 character at an index; 0 when there is none. */
function characterLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++) {
    if (isUtf8(bytes.subarray(at, at + length))) return length;
  }
  return 0;
}
