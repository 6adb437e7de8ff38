import type { EntryFacts } from './entry-facts';
import type { TreeEntry } from './file-tree';

/**
 * The identity of one entry for a copy: `type:mode[:owner]:content[:xattrs]`. Times are no part of it: a checkout or a
 * touch does not change what is built.
 */
export function entryDigest({ type, stats }: TreeEntry, { content, xattrs }: EntryFacts, keepOwner: boolean): string {
  const owner = keepOwner ? `${stats.uid}.${stats.gid}:` : '';
  return `${type}:${(stats.mode & 0o7777).toString(8)}:${owner}${content}${xattrs === '' ? '' : `:${xattrs}`}`;
}
