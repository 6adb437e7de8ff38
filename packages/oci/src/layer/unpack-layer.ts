import type { Digest } from '@strake/api';
import { createReadStream, fstatSync, openSync } from 'node:fs';
import { decompressed } from '../compression/decompressed';
import { limitExpansion } from '../compression/limit-expansion';
import { LayerUnpacker } from './layer-unpacker';

/** What may accompany the unpacking of a layer. */
export interface UnpackOptions {
  /** The DiffID that it must have. */
  readonly expected?: Digest;
  /** Called before every piece: throw to stop. */
  readonly check?: () => void;
}

/**
 * Unpacks a layer file, compressed or not, into an overlay upper directory. The file is opened before this returns,
 * so it may be under a mount of the calling thread; all writing is synchronous. Throws IMAGE_INVALID, DIGEST_MISMATCH, UNSUPPORTED, DISK_FULL, PERMISSION.
 */
export async function unpackLayer(file: string, directory: string, options: UnpackOptions = {}): Promise<{ readonly diffId: Digest; readonly size: number }> {
  const fd = openSync(file, 'r');
  const { size: packed } = fstatSync(fd);
  const bytes = createReadStream('', { fd, highWaterMark: 1 << 20 });
  const shown = `the layer ${file}`;
  const unpacker = new LayerUnpacker(directory, options.expected);
  try {
    for await (const chunk of limitExpansion(decompressed(bytes, shown), { packed, shown })) {
      options.check?.();
      unpacker.write(chunk);
    }
    return unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw error;
  }
}
