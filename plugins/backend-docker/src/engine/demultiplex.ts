import type { Readable } from 'node:stream';

/**
 * Splits a stream of attach, exec or logs without a terminal into its two streams: frames of 8 bytes (stream, 0, 0, 0, length) and
 * that many bytes. Resolves at its end.
 */
export async function demultiplex(stream: Readable, log: (stream: 1 | 2, data: Buffer) => void): Promise<void> {
  let head = Buffer.alloc(0);
  let left = 0;
  let to: 1 | 2 = 1;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    for (let rest = chunk; rest.length > 0; ) {
      if (left > 0) {
        const piece = rest.subarray(0, left);
        log(to, piece);
        left -= piece.length;
        rest = rest.subarray(piece.length);
        continue;
      }
      const missing = 8 - head.length;
      head = Buffer.concat([head, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (head.length < 8) continue;
      to = head[0] === 2 ? 2 : 1;
      left = head.readUInt32BE(4);
      head = Buffer.alloc(0);
    }
  }
}
