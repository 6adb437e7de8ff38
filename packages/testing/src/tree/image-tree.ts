import type { Image } from '@strake/api';
import { readTar, type TarEntry } from './read-tar';
import { parentsOf, plainDirectory, type Tree, type TreeEntry } from './tree-entry';

/** The file tree of an image: its layers, lowest first, with what they take away. */
export async function imageTree(image: Image): Promise<Tree> {
  const tree = new Map<string, TreeEntry>();
  for (const layer of image.layers) applyEntries(tree, await readTar(layer.open() as AsyncIterable<Buffer>));
  return tree;
}

/** The file tree of a tar, as a backend's `archive` gives it. */
export async function tarTree(chunks: AsyncIterable<Buffer>): Promise<Tree> {
  const tree = new Map<string, TreeEntry>();
  applyEntries(tree, await readTar(chunks));
  return tree;
}

const WHITEOUT = '.wh.';

/** Whiteouts first: they are about the layers below, wherever they stand in this one. */
function applyEntries(tree: Map<string, TreeEntry>, entries: readonly TarEntry[]): void {
  const named = entries.map((entry) => ({ ...entry, path: cleanPath(entry.header.path) })).filter(({ path }) => path !== '');
  for (const { path } of named) takeAway(tree, path);
  for (const { path, header, content } of named) {
    if (baseOf(path).startsWith(WHITEOUT)) continue;
    for (const parent of parentsOf(path)) if (!tree.has(parent)) tree.set(parent, plainDirectory);
    if (header.type !== 'directory') remove(tree, path);
    const linked = header.type === 'link' ? tree.get(cleanPath(header.target ?? Buffer.alloc(0))) : undefined;
    tree.set(path, linked ?? entryOf(header, content));
  }
}

function takeAway(tree: Map<string, TreeEntry>, path: string): void {
  const name = baseOf(path);
  if (!name.startsWith(WHITEOUT)) return;
  const folder = path.slice(0, -name.length);
  if (name === '.wh..wh..opq') for (const inside of [...tree.keys()]) if (inside.startsWith(folder)) tree.delete(inside);
  remove(tree, folder + name.slice(WHITEOUT.length));
}

function remove(tree: Map<string, TreeEntry>, path: string): void {
  for (const each of [...tree.keys()]) if (each === path || each.startsWith(`${path}/`)) tree.delete(each);
}

function entryOf({ type, mode, uid, gid, target }: TarEntry['header'], content: Buffer): TreeEntry {
  const own = type === 'file' || type === 'directory' || type === 'symlink' ? type : 'other';
  return { type: own, mode, uid, gid, content, ...(target === undefined ? {} : { target: target.toString() }) };
}

const cleanPath = (path: Buffer): string => path.toString().split('/').filter((name) => name !== '' && name !== '.').join('/');
const baseOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
