import type { Stats } from 'node:fs';
import { badArchive } from '../tar/decode-header';

/** What an entry's name says about lower layers (image specification, "Whiteouts"). */
export type Mark =
  /** Nothing: the entry is a file of its own. */
  | { readonly kind: 'none' }
  /** Hides everything that lower layers have in its folder. */
  | { readonly kind: 'opaque' }
  /** Hides `name`, which lower layers have in its folder. */
  | { readonly kind: 'whiteout'; readonly name: Buffer }
  /** Left behind by AUFS: means nothing, and neither does what is below it. */
  | { readonly kind: 'reserved' };

/** The prefix of whiteouts. */
export const WHITEOUT = Buffer.from('.wh.');
/** The name of the opaque mark. */
export const OPAQUE = Buffer.from('.wh..wh..opq');
const RESERVED = Buffer.from('.wh..wh.');

/** Reads the mark in an entry's path. Throws IMAGE_INVALID for one that hides no file that could be. */
export function markOf(parts: readonly Buffer[]): Mark {
  const name = parts.at(-1) ?? Buffer.alloc(0);
  if (parts.slice(0, -1).some((part) => startsWith(part, RESERVED))) return { kind: 'reserved' };
  if (parts.slice(0, -1).some((part) => startsWith(part, WHITEOUT))) throw badArchive('a whiteout holds files');
  if (!startsWith(name, WHITEOUT)) return { kind: 'none' };
  if (name.equals(OPAQUE)) return { kind: 'opaque' };
  if (startsWith(name, RESERVED)) return { kind: 'reserved' };
  const hidden = name.subarray(WHITEOUT.length);
  if (['', '.', '..'].includes(hidden.toString('latin1'))) throw badArchive('a whiteout names no file');
  return { kind: 'whiteout', name: hidden };
}

/** Whether a path is overlay's form of a whiteout. */
export function isWhiteout(stat: Pick<Stats, 'isCharacterDevice' | 'rdev'>): boolean {
  return stat.isCharacterDevice() && stat.rdev === 0;
}

export function startsWith(name: Buffer, prefix: Buffer): boolean {
  return name.length >= prefix.length && name.compare(prefix, 0, prefix.length, 0, prefix.length) === 0;
}
