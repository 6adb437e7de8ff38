import { encodeHeader, type TarHeader } from '@strake/oci';
import type { Tree, TreeEntry } from './tree-entry';

/** How a tree becomes a tar. */
export interface WriteTarOptions {
  /** A folder that every name begins with. */
  readonly prefix?: string;
  /** Leaves out the tar's end. */
  readonly open?: boolean;
  /** Seconds since 1970 that every entry gets; 0 by default. */
  readonly epoch?: number;
}

/** A tree as a tar: sorted by path, every time the same. Equal trees give equal bytes. */
export function writeTar(tree: Tree, { prefix, open = false, epoch = 0 }: WriteTarOptions = {}): Buffer {
  const names = [...tree.keys()].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const blocks = names.flatMap((path) => entryBlocks(prefix === undefined ? path : `${prefix}/${path}`, tree.get(path) as TreeEntry, epoch));
  return Buffer.concat([...blocks, ...(open ? [] : [Buffer.alloc(1024)])]);
}

/** What is new or changed in a tree, as a layer has it: with a whiteout for what is gone. */
export function changesOf(before: Tree, after: Tree): Tree {
  const changes = new Map<string, TreeEntry>();
  for (const [path, entry] of after) if (!isSame(before.get(path), entry)) changes.set(path, entry);
  for (const path of before.keys()) if (!after.has(path) && isTop(path, before, after)) changes.set(whiteout(path), { ...(before.get(path) as TreeEntry), type: 'file', mode: 0, content: Buffer.alloc(0) });
  return changes;
}

/** One whiteout is enough for a directory that is gone. */
function isTop(path: string, before: Tree, after: Tree): boolean {
  const parent = path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : undefined;
  return parent === undefined || !before.has(parent) || after.has(parent);
}

const whiteout = (path: string): string => path.replace(/[^/]*$/, (name) => `.wh.${name}`);

function isSame(one: TreeEntry | undefined, other: TreeEntry): boolean {
  return one?.type === other.type && one.mode === other.mode && one.uid === other.uid && one.gid === other.gid && one.target === other.target && one.content.equals(other.content);
}

function entryBlocks(path: string, { type, mode, uid, gid, content, target }: TreeEntry, epoch: number): readonly Buffer[] {
  if (type === 'other') throw new TypeError(`${path}: only files, directories and links can be written`);
  const header: TarHeader = { path: Buffer.from(path), type, mode, uid, gid, size: content.length, mtime: BigInt(epoch) * 1_000_000_000n, ...(target === undefined ? {} : { target: Buffer.from(target) }) };
  return [encodeHeader(header), content, Buffer.alloc((512 - (content.length % 512)) % 512)];
}
