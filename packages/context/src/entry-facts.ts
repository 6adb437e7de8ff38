import { createHash } from 'node:crypto';
import { getXattr, listXattrs } from '@strake/syscalls';
import { contentDigest } from './content-digest';
import { typeBits } from './entry-stats';
import { pathBytes } from './file-name';
import { access, type FileTree, type TreeEntry } from './file-tree';

/** What is known of an entry only by reading it: digests in hex. */
export interface EntryFacts {
  /** Of a file's bytes or a link's target; empty for a directory; type and number of a device. */
  readonly content: string;
  /** Of the extended attributes that a copy keeps; empty when there are none. */
  readonly xattrs: string;
}

/** Reads an entry; its attributes only where they are kept. Throws PERMISSION. */
export function readFacts(tree: FileTree, entry: TreeEntry, { xattrs }: { readonly xattrs: boolean }): EntryFacts {
  return { content: readContent(tree, entry), xattrs: xattrs ? access(entry.path, () => xattrDigest(tree.systemPath(entry.path))) : '' };
}

function readContent(tree: FileTree, entry: TreeEntry): string {
  switch (entry.type) {
    case 'file':
      return access(entry.path, () => contentDigest(tree.systemPath(entry.path)));
    case 'directory':
      return '';
    case 'symlink':
      return createHash('sha256').update(pathBytes(tree.linkTarget(entry))).digest('hex');
    case 'other':
      return `${typeBits(entry.stats).toString(8)}.${entry.stats.rdev}`;
  }
}

/** The attributes that a copy keeps. */
const isKept = (name: string): boolean => name === 'security.capability' || name.startsWith('user.');

function xattrDigest(path: string | Buffer): string {
  const names = listXattrs(path).filter(isKept).sort();
  if (names.length === 0) return '';
  const hash = createHash('sha256');
  for (const name of names) {
    const value = getXattr(path, name) ?? Buffer.alloc(0);
    hash.update(`${name}\0${value.length}\0`).update(value);
  }
  return hash.digest('hex');
}
