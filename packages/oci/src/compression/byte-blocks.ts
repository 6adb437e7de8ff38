import type { ByteSource } from './decompressed';

/** The same bytes in blocks of one size, the last one perhaps shorter. A block may be a part of a chunk, so that chunks must not change afterwards. */
export async function* byteBlocks(source: ByteSource, size: number): AsyncGenerator<Buffer, void, undefined> {
  let block = Buffer.allocUnsafe(size);
  let used = 0;
  for await (const chunk of source) {
    for (let at = 0; at < chunk.length; ) {
      if (used === 0 && chunk.length - at >= size) {
        yield chunk.subarray(at, (at += size));
        continue;
      }
      const taken = chunk.copy(block, used, at);
      at += taken;
      used += taken;
      if (used < size) continue;
      yield block;
      block = Buffer.allocUnsafe(size);
      used = 0;
    }
  }
  if (used > 0) yield block.subarray(0, used);
}
