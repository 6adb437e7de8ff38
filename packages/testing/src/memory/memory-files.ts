import { rootedPath } from '@strake/context';
import { textAt, plainFile, type TreeEntry } from '../tree/tree-entry';
import { put } from './copy-files';

/** The files that a program of a test sees and changes: texts by path. */
export interface MemoryFiles {
  get(path: string): string | undefined;
  set(path: string, text: string): void;
  /** Removes a file, or a directory and what is below it. */
  delete(path: string): void;
  /** Everything that is there, directories too, sorted. */
  paths(): readonly string[];
}

/** A tree as a program sees it. */
export function memoryFiles(tree: Map<string, TreeEntry>): MemoryFiles {
  return {
    get: (path) => textAt(tree, rootedPath(path)),
    set: (path, text) => put(tree, rootedPath(path), plainFile(text)),
    delete(path) {
      const gone = rootedPath(path);
      for (const each of [...tree.keys()]) if (each === gone || each.startsWith(`${gone}/`)) tree.delete(each);
    },
    paths: () => [...tree.keys()].sort(),
  };
}
