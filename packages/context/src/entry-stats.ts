import type { Stats } from 'node:fs';
import type { SelectedFile } from '@strake/api';

/**
 * What is kept of a thing's stat: a few numbers, because `Stats` of many files are mostly garbage to collect.
 * Times are milliseconds with fractions: good to a quarter of a microsecond, far finer than the kernel's clock tick.
 */
export interface EntryStats {
  /** With the bits of the type. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly ino: number;
  readonly rdev: number;
  readonly mtimeMs: number;
  readonly ctimeMs: number;
}

const TYPE = 0o170000;
const TYPES: Readonly<Record<number, SelectedFile['type']>> = { 0o100000: 'file', 0o040000: 'directory', 0o120000: 'symlink' };

export function entryStats({ mode, uid, gid, size, ino, rdev, mtimeMs, ctimeMs }: Stats): EntryStats {
  return { mode, uid, gid, size, ino, rdev, mtimeMs, ctimeMs };
}

/** The type as selections name it. */
export function typeOf({ mode }: EntryStats): SelectedFile['type'] {
  return TYPES[mode & TYPE] ?? 'other';
}

/** A type that selections do not tell, as a number: of devices and pipes. */
export const typeBits = ({ mode }: EntryStats): number => mode & TYPE;
