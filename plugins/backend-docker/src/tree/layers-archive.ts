import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { ArchiveOptions, Layer } from '@strake/api';
import { layeredTree } from './layered-tree';
import { treeArchive } from './tree-archive';

/** The files of layers as one tar, by way of a private directory of this machine. */
export async function* layersArchive(layers: readonly Pick<Layer, 'open'>[], scratch: string, options: ArchiveOptions): AsyncGenerator<Buffer, void, undefined> {
  const tree = await layeredTree(layers, join(scratch, `archive-${randomBytes(6).toString('hex')}`));
  try {
    yield* treeArchive(tree, options);
  } finally {
    tree.close();
  }
}
