import { DockerfileError, type CopyOp } from '@strake/api';
import { baseName, rootedPath } from './clean-path';
import type { FileTree, TreeEntry } from './file-tree';
import { compileGoPattern, hasWildcard } from './go-match';
import { sourceMissing } from './missing-source';
import { resolvePath } from './resolve-path';

/** One thing that a copy's sources name. */
export interface CopySource {
  /** Its last name as it was named: what it is called in a destination that is a directory. */
  readonly name: string;
  /** What it is, links followed. */
  readonly entry: TreeEntry;
}

/**
 * Finds what the sources of a copy name, in their order. A pattern without a match is nothing, as in BuildKit; a plain path
 * without a match throws SOURCE_MISSING, and so does the plain part in front of a pattern; a pattern that is none, INVALID_ARGUMENTS.
 */
export function matchSources(tree: FileTree, op: Pick<CopyOp, 'sources'>): readonly CopySource[] {
  return op.sources.flatMap((source) => {
    const path = rootedPath(source);
    return hasWildcard(path) ? matchPattern(tree, path, source) : [matchPath(tree, path, source)];
  });
}

function matchPath(tree: FileTree, path: string, written: string): CopySource {
  const entry = resolvePath(tree, path);
  if (entry === undefined) throw sourceMissing(tree, path, written);
  return { name: baseName(path), entry };
}

/** The part before the first component with a wildcard is a path, links followed; below it links are not entered. */
function matchPattern(tree: FileTree, path: string, written: string): readonly CopySource[] {
  const components = path.split('/');
  const first = components.findIndex(hasWildcard);
  const folder = components.slice(0, first).join('/');
  const base = resolvePath(tree, folder);
  if (base === undefined) throw sourceMissing(tree, folder, folder);
  const patterns = components.slice(first);
  // A class may match a slash, so that only without one a path has as many components as its pattern.
  const matches = compileGoPattern(patterns.join('/'));
  if (matches === undefined) throw new DockerfileError('INVALID_ARGUMENTS', `syntax error in pattern "${written}"`, { at: written });
  const depth = path.includes('[') ? Infinity : patterns.length;
  const found: CopySource[] = [];
  visit(tree, base, '', depth, (relative, entry) => {
    if (!matches(relative)) return false;
    const target = entry.type === 'symlink' ? resolvePath(tree, entry.path) : entry;
    if (target === undefined) throw sourceMissing(tree, entry.path, entry.path);
    found.push({ name: entry.name, entry: target });
    return true;
  });
  return found;
}

/** Walks depth first in order; `take` answers true to leave out what is below. */
function visit(tree: FileTree, directory: TreeEntry, prefix: string, depth: number, take: (relative: string, entry: TreeEntry) => boolean): void {
  for (const [name, entry] of tree.children(directory)) {
    const relative = prefix + name;
    if (!take(relative, entry) && depth > 1 && entry.type === 'directory') visit(tree, entry, `${relative}/`, depth - 1, take);
  }
}
