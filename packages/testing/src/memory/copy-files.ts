import { applyMode, DockerfileError, type CopyOp, type Selection } from '@strake/api';
import { compileGoPattern, hasWildcard, Ignore, rootedPath } from '@strake/context';
import { digestOf } from '@strake/oci';
import { parentsOf, plainDirectory, type Tree, type TreeEntry } from '../tree/tree-entry';

/** One thing that a copy takes, and what it is called in the destination: a path below a directory's, or a name. */
interface Taken {
  readonly source: string;
  readonly path: string;
  readonly fromDirectory: boolean;
  readonly entry: TreeEntry;
}

/** What a copy would take. Throws SOURCE_MISSING. */
export function selectFiles(tree: Tree, op: CopyOp, keepOwner: boolean): Selection {
  const taken = takenBy(tree, op).map(({ source, path, fromDirectory, entry }) => ({ source, entry, path: `${fromDirectory ? 'd' : 'f'}${path}`, digest: digestOfEntry(entry, keepOwner) }));
  const files = new Map(taken.map(({ source, entry, digest }) => [source, { path: source, type: entry.type, size: entry.content.length, digest }]));
  return { digest: digestOf(JSON.stringify(taken.map(({ path, digest }) => [path, digest]))), files: [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** Copies into a tree. Throws SOURCE_MISSING, INVALID_ARGUMENTS for a directory in the place of a file, UNSUPPORTED. */
export function copyFiles(target: Map<string, TreeEntry>, op: CopyOp, tree: Tree): void {
  const taken = takenBy(tree, op);
  refuseUnable(op, taken);
  const destination = rootedPath(op.destination);
  const asDirectory = op.destination.endsWith('/') || destination === '' || target.get(destination)?.type === 'directory';
  for (const { path, fromDirectory, entry } of taken) {
    const place = rootedPath(fromDirectory || asDirectory ? `${destination}/${path}` : destination);
    if (place !== '') put(target, place, changed(entry, op));
  }
}

/** Puts an entry into a tree, with the directories above it. Throws INVALID_ARGUMENTS. */
export function put(tree: Map<string, TreeEntry>, path: string, entry: TreeEntry, parent: TreeEntry = plainDirectory): void {
  for (const each of parentsOf(path)) {
    const there = tree.get(each);
    if (there === undefined) tree.set(each, parent);
    else if (there.type !== 'directory') throw new DockerfileError('INVALID_ARGUMENTS', `/${each} is not a directory`);
  }
  const there = tree.get(path);
  if (there !== undefined && (there.type === 'directory') !== (entry.type === 'directory')) {
    throw new DockerfileError('INVALID_ARGUMENTS', `cannot put a ${entry.type} in the place of the ${there.type} /${path}`);
  }
  tree.set(path, entry);
}

function takenBy(tree: Tree, op: CopyOp): readonly Taken[] {
  const exclude = op.exclude === undefined ? undefined : Ignore.ofPatterns(op.exclude, '--exclude');
  return op.sources.flatMap((written) => matches(tree, rootedPath(written), written)).flatMap((source): readonly Taken[] => {
    const entry = source === '' ? plainDirectory : (tree.get(source) as TreeEntry);
    if (entry.type !== 'directory') return [{ source, path: source.slice(source.lastIndexOf('/') + 1), fromDirectory: false, entry }];
    const prefix = source === '' ? '' : `${source}/`;
    const inside = [...tree].filter(([path]) => path.startsWith(prefix)).map(([path, each]) => ({ source: path, path: path.slice(prefix.length), fromDirectory: true, entry: each }));
    return [{ source, path: '', fromDirectory: true, entry }, ...inside.filter(({ path }) => exclude?.ignores(path) !== true)];
  });
}

function matches(tree: Tree, path: string, written: string): readonly string[] {
  if (!hasWildcard(path)) {
    if (path !== '' && !tree.has(path)) throw new DockerfileError('SOURCE_MISSING', `"${written}": not found`, { at: written });
    return [path];
  }
  const isMatch = compileGoPattern(path);
  if (isMatch === undefined) throw new DockerfileError('INVALID_ARGUMENTS', `syntax error in pattern "${written}"`, { at: written });
  return [...tree.keys()].filter(isMatch);
}

function changed(entry: TreeEntry, { chown, chmod }: CopyOp): TreeEntry {
  const [uid, gid] = ownerOf(chown) ?? [entry.uid, entry.gid];
  const mode = chmod === undefined || entry.type === 'symlink' ? entry.mode : applyMode(chmod, entry.mode, entry.type === 'directory');
  return { ...entry, uid, gid, mode };
}

/** Numbers only: there are no accounts in memory. Throws UNSUPPORTED. */
export function ownerOf(owner: string | undefined): readonly [uid: number, gid: number] | undefined {
  if (owner === undefined) return undefined;
  const [, uid, gid = uid] = /^(\d+)(?::(\d+))?$/.exec(owner) ?? [];
  if (uid === undefined) throw new DockerfileError('UNSUPPORTED', `the backend in memory knows no account ${owner}`);
  return [Number(uid), Number(gid)];
}

function refuseUnable({ parents, unpack }: CopyOp, taken: readonly Taken[]): void {
  if (parents === true) throw new DockerfileError('UNSUPPORTED', 'the backend in memory cannot copy with --parents');
  if (unpack === true && taken.some(({ entry }) => isArchive(entry.content))) throw new DockerfileError('UNSUPPORTED', 'the backend in memory cannot unpack archives');
}

/** By what tar, gzip, bzip2, xz and zstd begin with. */
function isArchive(content: Buffer): boolean {
  const start = content.toString('latin1', 0, 4);
  return content.toString('latin1', 257, 262) === 'ustar' || ['\x1f\x8b', 'BZh', '\xfd7zX', '\x28\xb5\x2f\xfd'].some((magic) => start.startsWith(magic));
}

/** In the form in which contexts write it, so that what of a file changed can be told. */
function digestOfEntry({ type, mode, uid, gid, content, target }: TreeEntry, keepOwner: boolean): string {
  const digest = type === 'directory' ? '' : digestOf(target ?? content).replace('sha256:', '');
  return `${type}:${mode.toString(8)}:${keepOwner ? `${uid}.${gid}:` : ''}${digest}`;
}
