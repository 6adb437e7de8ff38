import { createHash } from 'node:crypto';
import { posix } from 'node:path';
import type { EntryFacts, TreeEntry } from '@strake/context';
import type { TarHeader, TarType } from '@strake/oci';

const TYPE_BITS: Readonly<Record<TarType, number>> = {
  file: 0o100000, link: 0o100000, directory: 0o040000, symlink: 0o120000, character: 0o020000, block: 0o060000, fifo: 0o010000,
};
const TYPES: Readonly<Record<TarType, TreeEntry['type']>> = { file: 'file', link: 'file', directory: 'directory', symlink: 'symlink', character: 'other', block: 'other', fifo: 'other' };

/** A tar's entry as selecting sees the entry of a directory: the same digest for the same thing. */
export function nodeEntry(path: string, header: TarHeader, content: string, file: number): TreeEntry {
  const { type, mode, uid, gid, size, mtime } = header;
  const milliseconds = Number(mtime) / 1e6;
  const stats = { mode: TYPE_BITS[type] | mode, uid, gid, size, ino: file, rdev: deviceOf(header), mtimeMs: milliseconds, ctimeMs: milliseconds };
  return { path, name: posix.basename(path), type: TYPES[type], stats, verdict: undefined, facts: { content: contentOf(header, content), xattrs: xattrsOf(header) } satisfies EntryFacts };
}

function contentOf(header: TarHeader, content: string): string {
  switch (TYPES[header.type]) {
    case 'file': return content;
    case 'directory': return '';
    case 'symlink': return createHash('sha256').update(header.target ?? Buffer.alloc(0)).digest('hex');
    case 'other': return `${TYPE_BITS[header.type].toString(8)}.${deviceOf(header)}`;
  }
}

/** As Linux numbers devices. */
function deviceOf({ major = 0, minor = 0 }: TarHeader): number {
  return ((major & 0xfff) << 8) | (minor & 0xff) | ((minor & 0xfff00) << 12);
}

function xattrsOf({ xattrs = [] }: TarHeader): string {
  const kept = xattrs.filter(([name]) => name === 'security.capability' || name.startsWith('user.')).sort(([left], [right]) => (left < right ? -1 : 1));
  if (kept.length === 0) return '';
  const hash = createHash('sha256');
  for (const [name, value] of kept) hash.update(`${name}\0${value.length}\0`).update(value);
  return hash.digest('hex');
}

