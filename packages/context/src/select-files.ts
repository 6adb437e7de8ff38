import { createHash } from 'node:crypto';
import type { CopyOp, SelectedFile, Selection } from '@strake/api';
import { entryDigest } from './entry-digest';
import { readFacts, type EntryFacts } from './entry-facts';
import { pathBytes, sortByPath } from './file-name';
import { FileTree, type Tree, type TreeEntry } from './file-tree';
import { Ignore } from './ignore';
import { matchSources } from './match-sources';
import { planFiltered } from './plan-filtered';

/** How files are selected. */
export interface SelectOptions {
  /** Hides files; without it all are seen. */
  readonly ignore?: Ignore;
  /** True for a copy that keeps the owner: from another stage or image. */
  readonly keepOwner: boolean;
  /**
   * False where extended attributes are not kept: those of a build context belong to the machine that it lies on (where a file was
   * downloaded from, say), and no two checkouts have the same.
   */
  readonly keepXattrs?: boolean;
}

/** One thing that a copy writes, in the order of writing: parents before children, later sources over earlier ones. */
export interface TakenFile {
  /** Index of the source that named it in the op's `sources`' expansion: things with one index belong together. */
  readonly group: number;
  /** Where it is: relative to the root, no link in it. Decode with `encodePath`. */
  readonly source: string;
  /**
   * Where it goes. From a directory: relative to the destination, empty for the directory itself.
   * From anything else: its name, for a destination that is a directory.
   */
  readonly path: string;
  /** Whether its group is a directory's contents. */
  readonly fromDirectory: boolean;
  /** Set for a directory that is not taken for itself, but for something in it: one that is there already keeps all but its mode. */
  readonly implied?: true;
  readonly type: SelectedFile['type'];
  /** Permissions with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** As in `SelectedFile`. */
  readonly digest: string;
  /** Whether there are extended attributes to copy. */
  readonly xattrs: boolean;
}

/** What a copy takes, for the cache key and for the copier. */
export interface Selected {
  readonly selection: Selection;
  readonly taken: readonly TakenFile[];
}

/** Selects what a copy takes below `root`, synchronously. Throws SOURCE_MISSING, CONTEXT_INVALID, PERMISSION. */
export function selectFiles(root: string, op: CopyOp, options: SelectOptions): Selected {
  const tree = new FileTree(root, options.ignore);
  const taken = Array.from(planCopy(tree, op), (planned) => take(planned, readFacts(tree, planned.entry, { xattrs: options.keepXattrs !== false }), options.keepOwner));
  return { selection: summarize(taken), taken };
}

/** An entry with its place in the destination, before anything of it is read. */
export interface PlannedEntry {
  readonly group: number;
  readonly entry: TreeEntry;
  readonly path: string;
  readonly fromDirectory: boolean;
  readonly implied?: true;
}

/** Everything that a copy will take, in order. */
export function* planCopy(tree: Tree, op: Pick<CopyOp, 'sources' | 'exclude' | 'parents' | 'optional'>): Generator<PlannedEntry> {
  const exclude = op.exclude === undefined ? undefined : Ignore.ofPatterns(op.exclude, '--exclude');
  for (const [group, { name, entry, include }] of matchSources(tree, op).entries()) {
    const fromDirectory = entry.type === 'directory';
    if (!fromDirectory) yield { group, entry, path: name, fromDirectory };
    else if (include === undefined && exclude === undefined) yield* planDirectory(tree, group, entry);
    else yield* planFiltered(tree, group, entry, { include, exclude });
  }
}

/** Depth first, with a stack of its own: generators in generators cost more than the reading. */
function* planDirectory(tree: Tree, group: number, top: TreeEntry): Generator<PlannedEntry> {
  yield { group, entry: top, path: '', fromDirectory: true };
  const prefix = top.path === '' ? 0 : top.path.length + 1;
  const stack = [tree.children(top).values()];
  for (let children = stack.at(-1); children !== undefined; children = stack.at(-1)) {
    const next = children.next();
    if (next.done === true) {
      stack.pop();
      continue;
    }
    yield { group, entry: next.value, path: next.value.path.slice(prefix), fromDirectory: true };
    if (next.value.type === 'directory') stack.push(tree.children(next.value).values());
  }
}

/** Describes a planned entry. */
export function take({ group, entry, path, fromDirectory, implied }: PlannedEntry, facts: EntryFacts, keepOwner: boolean): TakenFile {
  const { stats, type } = entry;
  return {
    group,
    source: entry.path,
    path,
    fromDirectory,
    ...(implied === undefined ? undefined : { implied }),
    type,
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: type === 'file' ? stats.size : 0,
    digest: entryDigest(entry, facts, keepOwner),
    xattrs: facts.xattrs !== '',
  };
}

/** The selection of what was taken: files by source path, and a digest of where each goes and what it is. */
export function summarize(taken: readonly TakenFile[]): Selection {
  const hash = createHash('sha256');
  const files = new Map<string, SelectedFile>();
  let text = '';
  for (const { group, fromDirectory, path, source, type, size, digest } of taken) {
    text += `${group}${fromDirectory ? 'd' : 'f'}\0${path}\0${digest}\0`;
    files.set(source, { path: source, type, size, digest });
    if (text.length < PIECE) continue;
    hash.update(pathBytes(text));
    text = '';
  }
  return { digest: `sha256:${hash.update(pathBytes(text)).digest('hex')}`, files: sortByPath([...files.values()]) };
}

/** Characters that are hashed at a time: one call for each file would cost more than the hashing. */
const PIECE = 1 << 16;
