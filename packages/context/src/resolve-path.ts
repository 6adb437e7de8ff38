import { DockerfileError } from '@strake/api';
import { rootedPath } from './clean-path';
import type { Tree, TreeEntry } from './file-tree';

const MOST_LINKS = 255;

/**
 * Finds what a path names, links followed as if the tree's root were `/`: no link and no `..` leads out of it.
 * Undefined when nothing is there. Throws CONTEXT_INVALID for a loop of links.
 */
export function resolvePath(tree: Tree, path: string): TreeEntry | undefined {
  let entries: TreeEntry[] = [tree.rootEntry];
  const ahead = rootedPath(path).split('/').reverse();
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.pop() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      entries = entries.slice(0, Math.max(1, entries.length - 1));
      continue;
    }
    const entry = tree.children(entries.at(-1) ?? tree.rootEntry).get(name);
    if (entry === undefined) return undefined;
    if (entry.type !== 'symlink') {
      entries.push(entry);
      continue;
    }
    if (++links > MOST_LINKS) throw loop(path);
    const target = tree.linkTarget(entry);
    if (target.startsWith('/')) entries = [tree.rootEntry];
    ahead.push(...target.split('/').reverse());
  }
  return entries.at(-1);
}

function loop(path: string): DockerfileError {
  return new DockerfileError('CONTEXT_INVALID', `"${path}": too many symbolic links`, { hint: 'the links point at each other' });
}
