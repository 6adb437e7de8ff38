import type { Descriptor, Image, Layer } from '@strake/api';
import { CancelledError } from '@strake/api';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, rmSync } from 'node:fs';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Store } from '../store';
import { isCompressedType, MEDIA_TYPES } from './media-types';
import { withLayers } from './with-layers';

/** A view of an image whose layers are compressed; its files live until `dispose`. */
export interface CompressedImage {
  readonly image: Image;
  dispose(): void;
}

/** The image with gzip for every layer that is not compressed, and so with another manifest; layers that are stay as they are. */
export async function compressImage(store: Store, image: Image, signal: AbortSignal): Promise<CompressedImage> {
  const files: string[] = [];
  const dispose = (): void => files.forEach((file) => rmSync(file, { force: true }));
  try {
    const layers: Layer[] = [];
    for (const layer of image.layers) {
      if (isCompressedType(layer.descriptor.mediaType)) layers.push(layer);
      else layers.push(await compressLayer(layer, added(files, store.temporaryPath()), signal));
    }
    return { image: withLayers(image, layers), dispose };
  } catch (error) {
    dispose();
    throw signal.aborted ? new CancelledError({ cause: error }) : error;
  }
}

async function compressLayer(layer: Layer, file: string, signal: AbortSignal): Promise<Layer> {
  const hash = createHash('sha256');
  let size = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk);
      size += chunk.length;
      done(null, chunk);
    },
  });
  await pipeline(layer.open(), createGzip(), count, createWriteStream(file, { flags: 'wx', mode: 0o600 }), { signal });
  const descriptor: Descriptor = { mediaType: MEDIA_TYPES.layerGzip, digest: `sha256:${hash.digest('hex')}`, size };
  return { descriptor, diffId: layer.diffId, open: () => createReadStream(file) };
}

function added(files: string[], file: string): string {
  files.push(file);
  return file;
}
