import { roomBehind } from '../owned-block';

/** The most that one stored block of deflate holds (RFC 1951, 3.2.4). */
const MOST_BYTES = 0xffff;
const HEADER_BYTES = 5;

/**
 * Bytes as deflate's stored blocks, none of them the last. The stream must be at the edge of a byte. Bytes that are owned, with enough room
 * behind, are moved within their memory, and are not to be read again: memory that is new costs more than all the rest.
 */
export function storedBlocks(bytes: Buffer): Buffer {
  const count = Math.ceil(bytes.length / MOST_BYTES);
  const length = bytes.length + count * HEADER_BYTES;
  const stored = roomBehind(bytes) < count * HEADER_BYTES ? Buffer.allocUnsafe(length) : Buffer.from(bytes.buffer, 0, length);
  // From the last one: where they move towards the end, none is written over before it has moved.
  for (let block = count - 1; block >= 0; block -= 1) put(stored, block, bytes.subarray(block * MOST_BYTES, (block + 1) * MOST_BYTES));
  return stored;
}

function put(stored: Buffer, block: number, content: Buffer): void {
  const at = block * (MOST_BYTES + HEADER_BYTES);
  content.copy(stored, at + HEADER_BYTES);
  stored[at] = 0;
  stored.writeUInt16LE(content.length, at + 1);
  stored.writeUInt16LE(content.length ^ 0xffff, at + 3);
}
