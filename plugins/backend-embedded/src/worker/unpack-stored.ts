import { createReadStream, openSync } from 'node:fs';
import { OperatorError } from '@strake/api';
import { LayerUnpacker, packLayer } from '@strake/oci';
import type { Following } from '../ops/apply-ops';
import { decompress } from '../ops/decompress';
import type { Diff, StoredLayer, UnpackRequest } from './protocol';

/** Fills an upper directory from a stored layer. Throws DIGEST_MISMATCH when the layer is not what its DiffID says. */
export async function unpackStored({ layer, diffId, directory }: UnpackRequest, { check }: Following): Promise<Diff> {
  const unpacker = new LayerUnpacker(directory, diffId);
  try {
    const write = (chunk: Buffer): void => {
      check();
      unpacker.write(chunk);
    };
    if (layer.kind === 'snapshot') packLayer(layer.directory, write, { epoch: layer.epoch });
    else for await (const chunk of layerTar(layer)) write(chunk);
    return unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw zlibMeans(error, diffId);
  }
}

function layerTar({ path: blob, mediaType }: StoredLayer & { readonly kind: 'blob' }): AsyncIterable<Buffer> {
  const bytes = createReadStream('', { fd: openSync(blob, 'r'), highWaterMark: 1 << 20 });
  if (mediaType.endsWith('gzip')) return decompress('gzip', bytes, blob);
  return mediaType.endsWith('zstd') ? decompress('zstd', bytes, blob) : bytes;
}

function zlibMeans(error: unknown, blob: string): unknown {
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith('Z_') === true ? new OperatorError('IMAGE_INVALID', `the layer ${blob} is damaged`, { cause: error }) : error;
}
