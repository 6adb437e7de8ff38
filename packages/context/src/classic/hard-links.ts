import { lstatSync } from 'node:fs';
import { access, type FileTree, type TreeEntry } from '../file-tree';

/** Which files of a tree are hard links to one that a client of Docker sends before them: by path, the path of the first. */
export class HardLinks {
  private readonly tree: FileTree;
  private found: ReadonlyMap<string, string> | undefined;

  constructor(tree: FileTree) {
    this.tree = tree;
  }

  /** Undefined for a file that is sent itself. The tree is walked when the first file with several links is asked for. */
  firstOf(entry: TreeEntry): string | undefined {
    if (!this.hasSeveral(entry)) return undefined;
    this.found ??= this.find();
    return this.found.get(entry.path);
  }

  private find(): ReadonlyMap<string, string> {
    const [first, links] = [new Map<number, string>(), new Map<string, string>()];
    const walk = (directory: TreeEntry): void => {
      for (const entry of this.tree.children(directory).values()) {
        if (entry.type === 'directory') walk(entry);
        else if (this.hasSeveral(entry)) {
          const before = first.get(entry.stats.ino);
          if (before === undefined) first.set(entry.stats.ino, entry.path);
          else links.set(entry.path, before);
        }
      }
    };
    walk(this.tree.rootEntry);
    return links;
  }

  private hasSeveral(entry: TreeEntry): boolean {
    return access(entry.path, () => lstatSync(this.tree.systemPath(entry.path)).nlink > 1);
  }
}
