/** A content in pieces of one size, in bytes; the last may be smaller. */
export async function* inPieces(content: AsyncIterable<Buffer>, size: number): AsyncGenerator<Buffer, undefined> {
  let chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of content) {
    for (let at = 0; at < chunk.length; ) {
      const taken = chunk.subarray(at, at + size - length);
      chunks.push(taken);
      [at, length] = [at + taken.length, length + taken.length];
      if (length < size) continue;
      yield Buffer.concat(chunks);
      [chunks, length] = [[], 0];
    }
  }
  if (length > 0) yield Buffer.concat(chunks);
}
