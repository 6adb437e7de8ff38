import type { Digest } from '@strake/api';
import { decompressed, limitExpansion, type Expansion } from '@strake/oci';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';

/** Digest and size of a layer's uncompressed tar. */
export interface LayerMeasure {
  readonly diffId: Digest;
  /** Bytes. */
  readonly size: number;
}

/** Decompresses and measures. Throws IMAGE_INVALID when the bytes are damaged, or become too many. */
export async function measureLayer(source: AsyncIterable<Buffer>, layer: Expansion): Promise<LayerMeasure> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of limitExpansion(decompressed(source, layer.shown), layer)) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { diffId: `sha256:${hash.digest('hex')}`, size };
}

/** The same bytes, measured while they pass; `done` has the measure, and its failure, when they have passed. */
export function measuring(source: AsyncIterable<Buffer>, layer: Expansion): { readonly bytes: AsyncIterable<Buffer>; readonly done: Promise<LayerMeasure> } {
  const copy = new PassThrough({ highWaterMark: 1 << 20 });
  const done = measureLayer(copy as AsyncIterable<Buffer>, layer);
  let failed = false;
  done.catch(() => (failed = true));
  const pass = async function* (): AsyncGenerator<Buffer> {
    try {
      for await (const chunk of source) {
        // A layer that cannot be decompressed does not stop its bytes; the failure is told afterwards.
        if (!failed && !copy.write(chunk)) await Promise.race([once(copy, 'drain'), done.then(() => undefined, () => undefined)]);
        yield chunk;
      }
      copy.end();
    } finally {
      if (!copy.writableEnded) copy.destroy();
    }
  };
  return { bytes: pass(), done };
}
