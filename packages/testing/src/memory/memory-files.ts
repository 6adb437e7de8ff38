import { rootedPath } from '@strake/context';
import { textAt, plainFile, type TreeEntry } from '../tree/tree-entry';
import { put } from './copy-files';
import type { MountedTree } from './memory-mounts';

/** The files that a program of a test sees and changes: texts by path. */
export interface MemoryFiles {
  get(path: string): string | undefined;
  /** Throws an Error where a mount cannot be written to. */
  set(path: string, text: string): void;
  /** Removes a file, or a directory and what is below it. Throws an Error where a mount cannot be written to. */
  delete(path: string): void;
  /** Everything that is there, directories too, sorted. */
  paths(): readonly string[];
}

/** A tree as a program sees it, with what is mounted. */
export function memoryFiles(tree: Map<string, TreeEntry>, mounts: readonly MountedTree[] = []): MemoryFiles {
  const placeOf = (path: string, writes = false): { readonly tree: Map<string, TreeEntry>; readonly path: string } => {
    const rooted = rootedPath(path);
    const mount = mountOf(mounts, rooted);
    if (mount === undefined) return { tree, path: rooted };
    if (writes && mount.readonly) throw new Error(`/${rooted}: read-only file system`);
    return { tree: mount.tree, path: rooted.slice(mount.target.length + 1) };
  };
  return {
    get(path) {
      const place = placeOf(path);
      return textAt(place.tree, place.path);
    },
    set(path, text) {
      const place = placeOf(path, true);
      put(place.tree, place.path, plainFile(text));
    },
    delete(path) {
      const gone = placeOf(path, true);
      for (const each of [...gone.tree.keys()]) if (each === gone.path || each.startsWith(`${gone.path}/`)) gone.tree.delete(each);
    },
    paths: () => [...new Set([...tree.keys()].filter((path) => mountOf(mounts, path) === undefined).concat(...mounts.map(mountedPaths)))].sort(),
  };
}

/** The innermost that a path lies in. */
function mountOf(mounts: readonly MountedTree[], path: string): MountedTree | undefined {
  return mounts.findLast(({ target }) => path === target || path.startsWith(`${target}/`));
}

const mountedPaths = ({ target, tree }: MountedTree): readonly string[] => [...tree.keys()].map((path) => (path === '' ? target : `${target}/${path}`));
