/** One thing in a tree that is held in memory. */
export interface TreeEntry {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Permissions with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Of a file; empty for all else. */
  readonly content: Buffer;
  /** Of a link. */
  readonly target?: string;
}

/** A file tree by path, without slashes at the beginning or the end. The root itself is not in it. */
export type Tree = ReadonlyMap<string, TreeEntry>;

/** A directory as one is made when nobody says how. */
export const plainDirectory: TreeEntry = { type: 'directory', mode: 0o755, uid: 0, gid: 0, content: Buffer.alloc(0) };

/** A file of root's. */
export function plainFile(content: string | Buffer, mode = 0o644): TreeEntry {
  return { type: 'file', mode, uid: 0, gid: 0, content: Buffer.from(content) };
}

/** The names above a path, the highest first: `a`, `a/b` of `a/b/c`. */
export function parentsOf(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_name, index) => names.slice(0, index + 1).join('/'));
}

/** A file's text; undefined when there is no such file. */
export function textAt(tree: Tree, path: string): string | undefined {
  const entry = tree.get(path);
  return entry?.type === 'file' ? entry.content.toString() : undefined;
}

/** Names and texts as a tree, with the directories that they need. */
export function treeOf(files: Readonly<Record<string, string>>): Map<string, TreeEntry> {
  const tree = new Map<string, TreeEntry>();
  for (const [path, text] of Object.entries(files)) {
    for (const parent of parentsOf(path)) if (!tree.has(parent)) tree.set(parent, plainDirectory);
    tree.set(path, plainFile(text));
  }
  return tree;
}
