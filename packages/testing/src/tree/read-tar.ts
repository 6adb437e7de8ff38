import { decompressed, TarReader, type TarHeader } from '@strake/oci';

/** An entry of a tar with its content. */
export interface TarEntry {
  readonly header: TarHeader;
  readonly content: Buffer;
}

/** All entries of a tar, compressed or not, in order. Throws IMAGE_INVALID. */
export async function readTar(chunks: AsyncIterable<Buffer>): Promise<readonly TarEntry[]> {
  const entries: TarEntry[] = [];
  let header: TarHeader | undefined;
  let pieces: Buffer[] = [];
  const reader = new TarReader({
    entry: (found) => {
      header = found;
      pieces = [];
    },
    // The piece is the reader's again after the call.
    content: (chunk) => void pieces.push(Buffer.from(chunk)),
    end: () => {
      if (header !== undefined) entries.push({ header, content: Buffer.concat(pieces) });
    },
  });
  for await (const chunk of decompressed(chunks, 'the tar')) reader.write(chunk);
  reader.end();
  return entries;
}
