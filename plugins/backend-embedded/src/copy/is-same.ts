import { closeSync, lstatSync, openSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { encodePath } from '@strake/context';
import { listXattrs } from '@strake/syscalls';
import type { Ids } from '@strake/oci';

/** What a copied file or link is to be. */
export interface Wanted extends Ids {
  readonly source: string;
  /** Of the source. */
  readonly stats: BigIntStats;
  readonly mode: number;
}

/**
 * Whether a file or link stands at a place already exactly as it would be written: then it stays, and the layer is free of it, as
 * BuildKit's are. Unlike there the content is always compared, not only the times.
 */
export function isSame(target: string, { source, stats, mode, uid, gid }: Wanted): boolean {
  const there = lstatSync(encodePath(target), { bigint: true, throwIfNoEntry: false });
  if (there === undefined || there.size !== stats.size || there.mtimeNs !== stats.mtimeNs) return false;
  if (there.uid !== BigInt(uid) || there.gid !== BigInt(gid)) return false;
  if (stats.isSymbolicLink()) return there.isSymbolicLink() && readlinkSync(encodePath(source), 'buffer').equals(readlinkSync(encodePath(target), 'buffer'));
  if (!stats.isFile() || !there.isFile() || (Number(there.mode) & 0o7777) !== mode) return false;
  return !hasAttributes(source) && !hasAttributes(target) && haveSameBytes(source, target);
}

/** Rare enough that nobody compares them. */
const hasAttributes = (path: string): boolean => listXattrs(encodePath(path)).some((name) => name === 'security.capability' || name.startsWith('user.'));

function haveSameBytes(left: string, right: string): boolean {
  const files = [openSync(encodePath(left), 'r'), openSync(encodePath(right), 'r')] as const;
  const buffers = [Buffer.allocUnsafe(1 << 18), Buffer.allocUnsafe(1 << 18)] as const;
  try {
    for (;;) {
      const [one, other] = [fill(files[0], buffers[0]), fill(files[1], buffers[1])];
      if (!one.equals(other)) return false;
      if (one.length === 0) return true;
    }
  } finally {
    files.forEach(closeSync);
  }
}

function fill(file: number, buffer: Buffer): Buffer {
  let length = 0;
  for (let got = 1; got > 0 && length < buffer.length; length += got) got = readSync(file, buffer, length, buffer.length - length, null);
  return buffer.subarray(0, length);
}
