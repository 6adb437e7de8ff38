import { availableParallelism } from 'node:os';
import { constants, crc32, deflateRaw } from 'node:zlib';
import { giveUp } from '../owned-block';
import { byteBlocks } from './byte-blocks';
import type { ByteSource } from './decompressed';
import { isDense } from './is-dense';
import { storedBlocks } from './stored-blocks';

const BLOCK_BYTES = 1 << 20;
/** What a block is deflated into, piece by piece: most get much shorter. */
const OUTPUT_BYTES = 1 << 18;
/** How far back deflate looks (RFC 1951, 2). */
const WINDOW_BYTES = 1 << 15;
/** No name, no time, unknown system (RFC 1952, 2.3): nothing of the machine is in it. */
const HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);
/** A last block that holds nothing. */
const LAST = Buffer.from([3, 0]);

/**
 * Compresses to one gzip member as pigz does: blocks of 1 MiB, each primed with the end of the one before, deflated several at a
 * time in the thread pool; blocks that would not get shorter are stored. The bytes depend on content, level and the version of zlib alone, not on the number of threads or the sizes of chunks.
 * `level` is 0 to 9.
 */
export async function* gzipped(source: ByteSource, level: number): AsyncGenerator<Buffer, void, undefined> {
  const running: Promise<Buffer>[] = [];
  let sum = 0;
  let size = 0;
  let before: Buffer | undefined;
  yield HEADER;
  for await (const block of byteBlocks(source, BLOCK_BYTES)) {
    sum = crc32(block, sum);
    size += block.length;
    const end = Buffer.from(block.subarray(-WINDOW_BYTES));
    const deflated = level === 0 || isDense(block) ? Promise.resolve(storedBlocks(block)) : deflate(block, before, level);
    // Whoever waits for an earlier one must not miss its failure.
    deflated.catch(() => undefined);
    running.push(deflated);
    before = end;
    if (running.length > availableParallelism()) yield await (running.shift() as Promise<Buffer>);
  }
  for (const deflated of running) yield await deflated;
  yield Buffer.concat([LAST, trailer(sum, size)]);
}

/** `before` is what deflate may look back into. */
function deflate(block: Buffer, before: Buffer | undefined, level: number): Promise<Buffer> {
  const dictionary = before === undefined ? {} : { dictionary: before };
  return new Promise((resolve, reject) => {
    deflateRaw(block, { level, finishFlush: constants.Z_SYNC_FLUSH, chunkSize: OUTPUT_BYTES, ...dictionary }, (error, bytes) => {
      giveUp(block);
      if (error === null) resolve(bytes);
      else reject(error);
    });
  });
}

function trailer(sum: number, size: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt32LE(sum, 0);
  // Modulo 2^32, as the format has it.
  bytes.writeUInt32LE(size % 2 ** 32, 4);
  return bytes;
}
