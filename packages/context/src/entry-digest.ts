import { createHash } from 'node:crypto';
import { getXattr, listXattrs } from '@strake/syscalls';
import type { SelectedFile } from '@strake/api';
import { contentDigest } from './content-digest';
import { pathBytes } from './file-name';
import { access, type FileTree, type TreeEntry } from './file-tree';

/** What a digest of one entry covers beside type, mode, link target and content. */
export interface DigestOptions {
  readonly keepOwner: boolean;
  /** Whether extended attributes are copied, and so are part of it. */
  readonly xattrs: boolean;
  /** The digest of a file's content, when it is known without reading. */
  readonly content?: (entry: TreeEntry) => string;
}

/**
 * The identity of one entry for a copy: `type:mode[:owner]:content[:xattrs]`. Times are no part of it: a checkout or a
 * touch does not change what is built.
 */
export function entryDigest(tree: FileTree, entry: TreeEntry, options: DigestOptions): string {
  const { stats } = entry;
  const parts = [entryType(entry), (stats.mode & 0o7777).toString(8)];
  if (options.keepOwner) parts.push(`${stats.uid}.${stats.gid}`);
  parts.push(body(tree, entry, options));
  if (options.xattrs) parts.push(...xattrDigest(tree, entry));
  return parts.join(':');
}

/** The type as selections name it. */
export function entryType({ stats }: TreeEntry): SelectedFile['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function body(tree: FileTree, entry: TreeEntry, options: DigestOptions): string {
  switch (entryType(entry)) {
    case 'file':
      return options.content?.(entry) ?? access(entry.path, () => contentDigest(tree.systemPath(entry.path)));
    case 'directory':
      return '';
    case 'symlink':
      return createHash('sha256').update(pathBytes(tree.linkTarget(entry))).digest('hex');
    case 'other':
      return `${(entry.stats.mode & 0o170000).toString(8)}.${entry.stats.rdev}`;
  }
}

/** The attributes that a copy keeps. */
const isKept = (name: string): boolean => name === 'security.capability' || name.startsWith('user.');

function xattrDigest(tree: FileTree, entry: TreeEntry): readonly string[] {
  const path = tree.systemPath(entry.path);
  // The system call's binding takes strings; a name that is no UTF-8 has no attributes for us.
  if (typeof path !== 'string') return [];
  const names = access(entry.path, () => listXattrs(path)).filter(isKept).sort();
  if (names.length === 0) return [];
  const hash = createHash('sha256');
  for (const name of names) {
    const value = getXattr(path, name) ?? Buffer.alloc(0);
    hash.update(`${name}\0${value.length}\0`).update(value);
  }
  return [hash.digest('hex')];
}
