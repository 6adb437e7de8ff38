import { posix } from 'node:path';
import type { Layer } from '@strake/api';
import { decodeName } from '@strake/context';
import { decompressed, TarReader } from '@strake/oci';
import { TarTree } from './tar-tree';

const WHITEOUT = '.wh.';
const OPAQUE = '.wh..wh..opq';

/** The whole tree of layers, lowest first: with what an engine hides in its containers, and without what it puts into them. `path` is as for `TarTree`. */
export async function layeredTree(layers: readonly Pick<Layer, 'open'>[], path: string): Promise<TarTree> {
  const tree = new TarTree(path);
  try {
    for (const layer of layers) {
      // They speak of the layers below alone, wherever they stand.
      for (const name of await whiteouts(layer)) remove(tree, name);
      await tree.add(bytesOf(layer), (name) => (posix.basename(name).startsWith(WHITEOUT) ? undefined : name));
    }
    return tree;
  } catch (error) {
    tree.close();
    throw error;
  }
}

/** Engines with containerd's store compress theirs. */
const bytesOf = (layer: Pick<Layer, 'open'>): AsyncIterable<Buffer> => decompressed(layer.open(), 'a layer');

async function whiteouts(layer: Pick<Layer, 'open'>): Promise<readonly string[]> {
  const names: string[] = [];
  const reader = new TarReader({
    entry: ({ path }) => {
      const name = posix.normalize(`/${decodeName(path)}`).slice(1);
      if (posix.basename(name).startsWith(WHITEOUT)) names.push(name);
    },
    content: () => undefined,
    end: () => undefined,
  });
  for await (const chunk of bytesOf(layer)) reader.write(chunk);
  reader.end();
  return names;
}

function remove(tree: TarTree, name: string): void {
  const folder = posix.dirname(name) === '.' ? '' : posix.dirname(name);
  if (posix.basename(name) === OPAQUE) tree.clear(folder);
  else tree.remove(posix.join(folder, posix.basename(name).slice(WHITEOUT.length)));
}
