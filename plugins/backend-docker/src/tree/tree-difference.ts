import { pathBytes } from '@strake/context';
import { encodeHeader } from '@strake/oci';
import type { TarNode, TarTree } from './tar-tree';

const BLOCK = 512;
const WHITEOUT = '.wh.';

/** The layer that makes one tree of another, as a tar: what is other there, with the directories on the way, and a mark for what is gone. */
export function* treeDifference(below: TarTree, above: TarTree): Generator<Buffer, void, undefined> {
  yield* differenceIn('', { below, above, links: new Map() });
  yield Buffer.alloc(2 * BLOCK);
}

interface Comparing {
  readonly below: TarTree;
  readonly above: TarTree;
  /** The first name of each file that has been written. */
  readonly links: Map<number, Buffer>;
}

/** What differs below a directory that both have. */
function* differenceIn(folder: string, comparing: Comparing): Generator<Buffer, void, undefined> {
  const [before, after] = [childrenOf(comparing.below, folder), childrenOf(comparing.above, folder)];
  for (const name of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const [old, now] = [before.get(name), after.get(name)];
    if (now === undefined) yield markOf(folder, name);
    else yield* differenceOf(old, now, comparing);
  }
}

function* differenceOf(old: TarNode | undefined, now: TarNode, comparing: Comparing): Generator<Buffer, void, undefined> {
  if (now.header.type !== 'directory') {
    if (old === undefined || !isSame(old, now)) yield* fileOf(now, comparing);
    return;
  }
  const isThere = old?.header.type === 'directory';
  // A directory's own entry comes first, and is needed for whatever is in it.
  const inside = isThere ? differenceIn(now.entry.path, comparing) : allIn(now.entry.path, comparing);
  const first = inside.next();
  if (isThere && isSame(old, now) && first.done === true) return;
  yield encodeHeader({ ...now.header, path: pathBytes(now.entry.path) });
  if (first.done === true) return;
  yield first.value;
  yield* inside;
}

/** Everything in a directory that was not there. */
function* allIn(folder: string, comparing: Comparing): Generator<Buffer, void, undefined> {
  for (const node of childrenOf(comparing.above, folder).values()) yield* differenceOf(undefined, node, comparing);
}

function* fileOf(node: TarNode, { above, links }: Comparing): Generator<Buffer, void, undefined> {
  const path = pathBytes(node.entry.path);
  const first = links.get(node.file);
  if (first !== undefined) {
    yield encodeHeader({ ...node.header, path, type: 'link', target: first, size: 0 });
    return;
  }
  links.set(node.file, path);
  yield encodeHeader({ ...node.header, path });
  if (node.header.type !== 'file') return;
  for (const piece of above.content(node)) yield Buffer.from(piece);
  yield Buffer.alloc((BLOCK - (node.header.size % BLOCK)) % BLOCK);
}

function markOf(folder: string, name: string): Buffer {
  const path = pathBytes(folder === '' ? WHITEOUT + name : `${folder}/${WHITEOUT}${name}`);
  return encodeHeader({ path, type: 'file', mode: 0, uid: 0, gid: 0, size: 0, mtime: 0n });
}

function childrenOf(tree: TarTree, folder: string): ReadonlyMap<string, TarNode> {
  const directory = tree.find(folder);
  return directory === undefined ? new Map() : new Map([...tree.children(directory.entry)].flatMap(([name, { path }]) => {
    const node = tree.find(path);
    return node === undefined ? [] : [[name, node] as const];
  }));
}

/** Whether nothing of a file has changed, as far as a layer holds it. */
function isSame(old: TarNode, now: TarNode): boolean {
  const [one, other] = [old.header, now.header];
  return one.type === other.type && one.mode === other.mode && one.uid === other.uid && one.gid === other.gid && one.mtime === other.mtime && old.content === now.content
    && (one.target ?? NONE).equals(other.target ?? NONE) && one.major === other.major && one.minor === other.minor && attributesOf(old) === attributesOf(now);
}

const NONE = Buffer.alloc(0);

const attributesOf = ({ header: { xattrs = [] } }: TarNode): string => JSON.stringify(xattrs.map(([name, value]) => [name, value.toString('hex')]).sort());
