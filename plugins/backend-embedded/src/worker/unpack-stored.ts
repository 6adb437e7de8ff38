import { LayerUnpacker, packLayer, unpackLayer } from '@strake/oci';
import type { Following } from '../ops/apply-ops';
import type { Diff, UnpackRequest } from './protocol';

/** Fills an upper directory from a stored layer. Throws DIGEST_MISMATCH when the layer is not what its DiffID says, IMAGE_INVALID when it is damaged. */
export async function unpackStored({ layer, diffId, directory }: UnpackRequest, { check }: Following): Promise<Diff> {
  if (layer.kind === 'blob') return unpackLayer(layer.path, directory, { expected: diffId, check });
  const unpacker = new LayerUnpacker(directory, diffId);
  try {
    const write = (chunk: Buffer): void => {
      check();
      unpacker.write(chunk);
    };
    packLayer(layer.directory, write, { epoch: layer.epoch });
    return unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw error;
  }
}
