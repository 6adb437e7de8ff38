import { DockerfileError, StrakeError, type CopyOp } from '@strake/api';
import { baseName, rootedPath } from './clean-path';
import type { Tree, TreeEntry } from './file-tree';
import { compileGoPattern, hasWildcard } from './go-match';
import { Ignore } from './ignore';
import { sourceMissing } from './missing-source';
import { resolvePath } from './resolve-path';

/** One thing that a copy's sources name. */
export interface CopySource {
  /** Its last name as it was named: what it is called in a destination that is a directory. */
  readonly name: string;
  /** What it is, links followed. */
  readonly entry: TreeEntry;
  /** What is taken of a directory; absent: all. */
  readonly include?: Ignore;
}

/**
 * Finds what the sources of a copy name, in their order. A pattern without a match is nothing, as in BuildKit; a plain path
 * without a match throws SOURCE_MISSING, and so does the plain part in front of a pattern, unless the copy is optional; a pattern that is none, INVALID_ARGUMENTS.
 */
export function matchSources(tree: Tree, op: Pick<CopyOp, 'sources' | 'parents' | 'optional'>): readonly CopySource[] {
  const match = (source: string) => (op.parents === true ? matchBelowPivot(tree, source) : matchSource(tree, rootedPath(source), source));
  return op.sources.flatMap((source) => (op.optional === true ? ifThere(() => match(source)) : match(source)));
}

/** Nothing where something is not there; an ignored file is not there either. */
function ifThere(match: () => readonly CopySource[]): readonly CopySource[] {
  try {
    return match();
  } catch (error) {
    if (error instanceof StrakeError && error.code === 'SOURCE_MISSING') return [];
    throw error;
  }
}

function matchSource(tree: Tree, path: string, written: string): readonly CopySource[] {
  return hasWildcard(path) ? matchPattern(tree, path, written) : [matchPath(tree, path, written)];
}

/**
 * With `--parents` a source is a pattern below a directory: below what stands before the first `/./`, or the root. It is of the
 * ignore file's kind, and links are not followed there.
 */
function matchBelowPivot(tree: Tree, written: string): readonly CopySource[] {
  const cut = written.indexOf('/./');
  const pivot = rootedPath(cut < 0 ? '' : written.slice(0, cut));
  const pattern = rootedPath(cut < 0 ? written : written.slice(cut + 3));
  const found = matchSource(tree, pivot, written).filter(({ entry }) => entry.type === 'directory');
  if (found.length === 0 && !hasWildcard(pivot)) throw sourceMissing(tree, pivot, written);
  if (pattern === '') return found;
  const include = Ignore.ofPatterns([pattern], '--parents');
  if (!hasWildcard(pivot) && !hasWildcard(pattern)) for (const { entry } of found) checkBelow(tree, entry, pattern, written);
  return found.map((source) => ({ ...source, include }));
}

/** A path without wildcards must be there, link by link. Throws SOURCE_MISSING. */
function checkBelow(tree: Tree, pivot: TreeEntry, path: string, written: string): void {
  let entry = pivot;
  for (const name of path.split('/')) {
    if (entry.type === 'symlink') throw linkInParents(entry, written);
    const next = tree.children(entry).get(name);
    if (next === undefined) throw sourceMissing(tree, pivot.path === '' ? path : `${pivot.path}/${path}`, written);
    entry = next;
  }
}

function linkInParents({ path }: TreeEntry, written: string): DockerfileError {
  return new DockerfileError('SOURCE_MISSING', `"${written}": not found: "${path}" is a link, which --parents does not follow`, {
    at: written,
    hint: `name the directory that it points to, or write ${path}/./ to begin below it`,
  });
}

function matchPath(tree: Tree, path: string, written: string): CopySource {
  const entry = resolvePath(tree, path);
  if (entry === undefined) throw sourceMissing(tree, path, written);
  return { name: baseName(path), entry };
}

/** The part before the first component with a wildcard is a path, links followed; below it links are not entered. */
function matchPattern(tree: Tree, path: string, written: string): readonly CopySource[] {
  const components = path.split('/');
  const first = components.findIndex(hasWildcard);
  const patterns = components.slice(first);
  // A class may match a slash, so that only without one a path has as many components as its pattern.
  const matches = compileGoPattern(patterns.join('/'));
  if (matches === undefined) throw malformed(written);
  const folder = components.slice(0, first).join('/');
  const base = resolvePath(tree, folder);
  if (base === undefined) throw sourceMissing(tree, folder, folder);
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

function malformed(written: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', `syntax error in pattern "${written}"`, {
    at: written,
    hint: 'a pattern may use * ? [a-z] and [^a-z]; write \\ before a character that means itself',
  });
}

/** Walks depth first in order; `take` answers true to leave out what is below. */
function visit(tree: Tree, directory: TreeEntry, prefix: string, depth: number, take: (relative: string, entry: TreeEntry) => boolean): void {
  for (const [name, entry] of tree.children(directory)) {
    const relative = prefix + name;
    if (!take(relative, entry) && depth > 1 && entry.type === 'directory') visit(tree, entry, `${relative}/`, depth - 1, take);
  }
}
