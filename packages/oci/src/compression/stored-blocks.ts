/** The most that one stored block of deflate holds (RFC 1951, 3.2.4). */
const MOST_BYTES = 0xffff;
const HEADER_BYTES = 5;

/** Bytes as deflate's stored blocks, none of them the last. The stream must be at the edge of a byte. */
export function storedBlocks(bytes: Buffer): Buffer {
  const count = Math.ceil(bytes.length / MOST_BYTES);
  const stored = Buffer.allocUnsafe(bytes.length + count * HEADER_BYTES);
  for (let block = 0; block < count; block += 1) {
    const start = block * MOST_BYTES;
    const length = Math.min(MOST_BYTES, bytes.length - start);
    const at = start + block * HEADER_BYTES;
    stored[at] = 0;
    stored.writeUInt16LE(length, at + 1);
    stored.writeUInt16LE(length ^ 0xffff, at + 3);
    bytes.copy(stored, at + HEADER_BYTES, start, start + length);
  }
  return stored;
}
