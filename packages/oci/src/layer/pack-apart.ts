import { OperatorError } from '@strake/api';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { on } from 'node:events';
import { Worker } from 'node:worker_threads';
import { own } from '../owned-block';
import { packLayerChunks, type PackedLayer, type PackOptions } from './pack-layer';
import type { PackNews, PackOrder } from './pack-order';

/** Chunks of a MiB that may wait to be taken. */
const AHEAD = 8;
/** Bytes of a layer for which a thread is begun sooner than it is packed. */
const WORTH_A_THREAD = 8 << 20;
/** Beside a bundled program; or compiled in this package, whether this module runs from `dist` or from `src`. */
const PLACES = [join(__dirname, 'pack-thread.js'), join(__dirname, '..', '..', 'dist', 'layer', 'pack-thread.js')];

/**
 * As `packLayerChunks`, each chunk the caller's own, to keep or to give up when it has done with it; of a large layer in a thread of its own, so that reading files and what is made of
 * the bytes go on at the same time. `size` is what the tar is expected to have, in bytes.
 */
export async function* packApart(directory: string, options: PackOptions, size: number): AsyncGenerator<Buffer, PackedLayer, undefined> {
  const file = size < WORTH_A_THREAD ? undefined : PLACES.find(existsSync);
  if (file === undefined) return yield* packLayerChunks(directory, { ...options, kept: true });
  const credit = new Int32Array(new SharedArrayBuffer(4));
  credit[0] = AHEAD;
  const order: PackOrder = { directory, options, credit };
  // Nothing of the environment reaches a thread that reads files.
  const thread = new Worker(file, { workerData: order, env: {}, execArgv: [] });
  // Hashed here: reading small files is what the thread has enough to do with.
  const hash = createHash('sha256');
  try {
    for await (const [news] of on(thread, 'message') as AsyncIterable<[PackNews]>) {
      if (news.kind === 'packed') return { ...news.layer, diffId: `sha256:${hash.digest('hex')}` };
      if (news.kind === 'failed') throw new OperatorError('STORE_INVALID', `${directory} cannot be packed: ${news.message}`);
      Atomics.add(credit, 0, 1);
      Atomics.notify(credit, 0);
      const chunk = Buffer.from(news.chunk.buffer, news.chunk.byteOffset, news.chunk.byteLength);
      hash.update(chunk);
      yield own(chunk, (memory) => thread.postMessage(memory, [memory]));
    }
    throw new OperatorError('STORE_INVALID', `${directory} cannot be packed: its thread ended`);
  } finally {
    await thread.terminate();
  }
}
