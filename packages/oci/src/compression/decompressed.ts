import { pipeline, Readable, type Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { compressionOf, MAGIC_BYTES, type Compression } from './compression-of';
import { damaged } from './damaged';
import { decompressedByTool } from './through-tool';
import { nativeUnzstd } from './unzstd';

const CHUNK_BYTES = 1 << 18;

/** Bytes that come in pieces: a stream, or anything that is iterated. */
export type ByteSource = AsyncIterable<Buffer> | Iterable<Buffer>;

/**
 * Decompresses by the first bytes: none, gzip and, where Node has it, zstd in this process; the others by the tool of
 * their name. `shown` names the source in errors. Ending the iteration early closes the source. Throws UNSUPPORTED when a tool
 * is not installed, IMAGE_INVALID when the bytes are damaged, and whatever the source throws.
 */
export async function* decompressed(source: ByteSource, shown: string): AsyncGenerator<Buffer, void, undefined> {
  const chunks = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  const head = await readHead(chunks);
  yield* decoded(compressionOf(head), rejoined(head, chunks), shown);
}

function decoded(compression: Compression, source: AsyncGenerator<Buffer>, shown: string): AsyncGenerator<Buffer> {
  switch (compression) {
    case 'none':
      return source;
    case 'gzip':
      return throughZlib(source, createGunzip({ chunkSize: CHUNK_BYTES }), compression, shown);
    case 'zstd': {
      const unzstd = nativeUnzstd(CHUNK_BYTES);
      return unzstd === undefined ? decompressedByTool(compression, source, shown) : throughZlib(source, unzstd, compression, shown);
    }
    case 'bzip2':
    case 'xz':
      return decompressedByTool(compression, source, shown);
  }
}

async function* throughZlib(source: AsyncGenerator<Buffer>, zlib: Transform, compression: Compression, shown: string): AsyncGenerator<Buffer> {
  pipeline(Readable.from(source), zlib, () => undefined);
  try {
    for await (const chunk of zlib) yield chunk as Buffer;
  } catch (error) {
    throw isZlibError(error) ? damaged(compression, shown, error) : error;
  }
}

function isZlibError(error: unknown): boolean {
  return /^(?:Z_|ZSTD_)/.test((error as NodeJS.ErrnoException).code ?? '');
}

type Chunks = AsyncIterator<Buffer> | Iterator<Buffer>;

async function readHead(chunks: Chunks): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < MAGIC_BYTES) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = head.length === 0 ? next.value : Buffer.concat([head, next.value]);
  }
  return head;
}

async function* rejoined(head: Buffer, chunks: Chunks): AsyncGenerator<Buffer> {
  try {
    if (head.length > 0) yield head;
    for (let next = await chunks.next(); next.done !== true; next = await chunks.next()) yield next.value;
  } finally {
    await chunks.return?.();
  }
}
