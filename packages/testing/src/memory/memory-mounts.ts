import type { Mount } from '@strake/api';
import { rootedPath } from '@strake/context';
import { plainDirectory, type Tree, type TreeEntry } from '../tree/tree-entry';

/** What a program sees in the place of a path. */
export interface MountedTree {
  /** Without slashes at the beginning or the end. */
  readonly target: string;
  /** By path below the target; the target itself is under the empty path. */
  readonly tree: Map<string, TreeEntry>;
  readonly readonly: boolean;
}

/** Kinds of mounts that there can be in memory. */
export const MEMORY_MOUNTS = ['bind', 'cache', 'tmpfs'] as const;

/** Opens mounts, parents first: `input` gives the tree that one reads, `cache` what a cache held last, or makes it. */
export async function openMounts(
  mounts: readonly Mount[],
  input: (index: number) => Promise<Tree>,
  cache: (id: string, make: () => Promise<Map<string, TreeEntry>>) => Promise<Map<string, TreeEntry>>,
): Promise<readonly MountedTree[]> {
  const opened: MountedTree[] = [];
  for (const mount of mounts) {
    if (mount.type === 'bind') {
      opened.push(mounted(mount.target, below(await input(mount.input), mount.source), mount.readonly));
    } else if (mount.type === 'cache') {
      const { from } = mount;
      const start = async () => (from === undefined ? emptyTree() : below(await input(from.input), from.source));
      opened.push(mounted(mount.target, await cache(mount.id, start), mount.readonly));
    } else if (mount.type === 'tmpfs') {
      opened.push(mounted(mount.target, emptyTree(), mount.readonly === true));
    }
  }
  return opened;
}

function mounted(target: string, tree: Map<string, TreeEntry>, readonly: boolean): MountedTree {
  return { target: rootedPath(target), tree, readonly };
}

const emptyTree = (): Map<string, TreeEntry> => new Map([['', plainDirectory]]);

/** A copy of what stands under a path, which itself is under the empty one. */
function below(tree: Tree, source: string): Map<string, TreeEntry> {
  const path = rootedPath(source);
  const prefix = path === '' ? '' : `${path}/`;
  const inside = [...tree].filter(([each]) => each.startsWith(prefix)).map(([each, entry]) => [each.slice(prefix.length), entry] as const);
  return new Map([['', path === '' ? plainDirectory : (tree.get(path) ?? plainDirectory)], ...inside]);
}
