import { S_IFBLK, S_IFCHR, S_IFDIR, S_IFIFO, S_IFLNK, S_IFREG, type FileStat } from '@strake/syscalls';
import { readlinkSync } from 'node:fs';
import type { TarHeader, TarType } from '../tar/tar-entry';

const TYPES: ReadonlyMap<number, TarType> = new Map([
  [S_IFREG, 'file'],
  [S_IFDIR, 'directory'],
  [S_IFLNK, 'symlink'],
  [S_IFCHR, 'character'],
  [S_IFBLK, 'block'],
  [S_IFIFO, 'fifo'],
]);

/** What a tar holds of a file; undefined for a socket, which no tar holds. */
export function packedType({ type }: FileStat): TarType | undefined {
  return TYPES.get(type);
}

/** A file of a tree that is to be packed. */
export interface PackedFile {
  /** Where it is. */
  readonly file: Buffer;
  /** Its name in the layer. */
  readonly path: Buffer;
  readonly type: TarType;
  readonly stat: FileStat;
}

export function packedHeader({ file, path, type, stat }: PackedFile, xattrs: TarHeader['xattrs'] & object): TarHeader {
  const { mode, uid, gid, mtime, major, minor } = stat;
  // Written out: a spread would be most of what a small file costs here.
  const header = { path, type, mode, uid, gid, size: type === 'file' ? stat.size : 0, mtime, xattrs };
  if (type === 'symlink') return { ...header, target: readlinkSync(file, { encoding: 'buffer' }) };
  return type === 'character' || type === 'block' ? { ...header, major, minor } : header;
}

/** A further name of a file that is in the layer already. */
export function packedLink({ path, stat: { mode, uid, gid, mtime } }: PackedFile, target: Buffer): TarHeader {
  return { path, type: 'link', mode, uid, gid, size: 0, mtime, target };
}
