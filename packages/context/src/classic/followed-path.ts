import { rootedPath } from '../clean-path';
import type { FileTree, TreeEntry } from '../file-tree';

const MOST_LINKS = 255;

/** What a path comes to when links are followed as if the tree's root were `/`, also where nothing is there: what is missing stays as it is written. */
export function followedPath(tree: FileTree, path: string): string {
  let names: { readonly name: string; readonly entry: TreeEntry | undefined }[] = [];
  const ahead = rootedPath(path).split('/').reverse();
  for (let links = 0; ahead.length > 0; ) {
    const name = ahead.pop() ?? '';
    if (name === '' || name === '.') continue;
    if (name === '..') {
      names = names.slice(0, -1);
      continue;
    }
    const folder = names.length === 0 ? tree.rootEntry : names.at(-1)?.entry;
    const entry = folder && tree.children(folder).get(name);
    if (entry?.type !== 'symlink' || ++links > MOST_LINKS) {
      names.push({ name, entry });
      continue;
    }
    const target = tree.linkTarget(entry);
    if (target.startsWith('/')) names = [];
    ahead.push(...target.split('/').reverse());
  }
  return names.map(({ name }) => name).join('/');
}
