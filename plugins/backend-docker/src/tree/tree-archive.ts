import type { ArchiveOptions } from '@strake/api';
import { pathBytes, type TreeEntry } from '@strake/context';
import { encodeHeader } from '@strake/oci';
import type { TarTree } from './tar-tree';

const BLOCK = 512;

/** A tree as a tar, in pieces: entries sorted within each directory, the root itself left out. */
export function* treeArchive(tree: TarTree, { epoch, prefix, open = false }: ArchiveOptions): Generator<Buffer, void, undefined> {
  const latest = epoch === undefined ? undefined : BigInt(epoch) * 1_000_000_000n;
  yield* entriesOf(tree, tree.rootEntry, { start: prefix === undefined ? '' : `${prefix}/`, latest, links: new Map() });
  if (!open) yield Buffer.alloc(2 * BLOCK);
}

interface Writing {
  readonly start: string;
  /** Nanoseconds: no time is later. */
  readonly latest: bigint | undefined;
  /** The first name of each file that has been written. */
  readonly links: Map<number, Buffer>;
}

function* entriesOf(tree: TarTree, directory: TreeEntry, writing: Writing): Generator<Buffer, void, undefined> {
  for (const entry of tree.children(directory).values()) {
    const node = tree.find(entry.path);
    if (node === undefined) continue;
    const path = pathBytes(writing.start + entry.path);
    const { latest, links } = writing;
    const mtime = latest !== undefined && node.header.mtime > latest ? latest : node.header.mtime;
    const first = node.header.type === 'directory' ? undefined : links.get(node.file);
    if (first !== undefined) {
      yield encodeHeader({ ...node.header, path, mtime, type: 'link', target: first, size: 0 });
      continue;
    }
    links.set(node.file, path);
    yield encodeHeader({ ...node.header, path, mtime });
    if (node.header.type === 'file') {
      for (const piece of tree.content(node)) yield Buffer.from(piece);
      yield Buffer.alloc((BLOCK - (node.header.size % BLOCK)) % BLOCK);
    }
    if (node.header.type === 'directory') yield* entriesOf(tree, entry, writing);
  }
}
