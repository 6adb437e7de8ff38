import { dirname } from 'node:path';
import type { OpenedLayer } from './open-image';
import { readTar, type TarEntry } from './tar-reader';

/** A file of the final tree. Names of one hard link group share one object. */
export type Inode = Omit<TarEntry, 'path' | 'link'> & { readonly link: string };

/** Absolute-less paths to inodes. */
export type FileTree = Map<string, Inode>;

/** Applies layers in order (OCI image-spec `layer.md`: whiteouts, opaque whiteouts, replacement of a directory by something else). */
export function applyLayers(layers: readonly OpenedLayer[]): FileTree {
  const tree: FileTree = new Map();
  for (const layer of layers) {
    const entries = entriesOf(layer);
    // A whiteout hides what lower layers have, never what its own layer brings: so all of them come first.
    for (const entry of entries) applyWhiteout(tree, entry);
    for (const entry of entries.filter((candidate) => !isWhiteout(candidate.path))) applyEntry(tree, entry);
  }
  return tree;
}

/** The names that a layer brings, directories left out: whether a parent directory is repeated is the builder's choice. */
export function layerNames(layer: OpenedLayer): readonly string[] {
  return [...new Set(entriesOf(layer).filter((entry) => entry.type !== 'directory').map((entry) => entry.path))].sort();
}

/** What was read before, by the layer's sum: hundreds of images stand on the same few. */
const known = new Map<string, readonly TarEntry[]>();
const mostKnown = 12;

function entriesOf({ tar, hex }: OpenedLayer): readonly TarEntry[] {
  const entries = known.get(hex) ?? readTar(tar);
  known.delete(hex);
  known.set(hex, entries);
  const [oldest] = known.keys();
  if (known.size > mostKnown && oldest !== undefined) known.delete(oldest);
  return entries;
}

function isWhiteout(path: string): boolean {
  return baseName(path).startsWith('.wh.');
}

function applyWhiteout(tree: FileTree, entry: TarEntry): void {
  if (!isWhiteout(entry.path)) return;
  const folder = dirname(entry.path) === '.' ? '' : dirname(entry.path);
  if (baseName(entry.path) === '.wh..wh..opq') removeBelow(tree, folder);
  else if (!baseName(entry.path).startsWith('.wh..wh.')) remove(tree, [folder, baseName(entry.path).slice(4)].filter(Boolean).join('/'));
}

function applyEntry(tree: FileTree, entry: TarEntry): void {
  const { path, link, ...inode } = entry;
  if (path === '') return;
  if (entry.type === 'hardlink') {
    const target = tree.get(link.replace(/^(\.?\/)+/, ''));
    if (target === undefined) throw new Error(`${path} is a hard link to ${link}, which is not there`);
    tree.set(path, target);
    return;
  }
  if (entry.type !== 'directory') remove(tree, path);
  tree.set(path, { ...inode, link: entry.type === 'symlink' ? link : '' });
}

function remove(tree: FileTree, path: string): void {
  tree.delete(path);
  removeBelow(tree, path);
}

function removeBelow(tree: FileTree, folder: string): void {
  for (const path of [...tree.keys()]) if (folder === '' || path.startsWith(`${folder}/`)) tree.delete(path);
}

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}
