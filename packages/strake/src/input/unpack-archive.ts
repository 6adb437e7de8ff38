import { CancelledError, OperatorError, StrakeError } from '@strake/api';
import { decompressed, LayerUnpacker, untilAborted } from '@strake/oci';
import type { Readable } from 'node:stream';

/** What a stream turned out to be: an archive, which is unpacked now, or a text. */
export type Unpacked = { readonly kind: 'tree' } | { readonly kind: 'text'; readonly text: string };

/** How an archive is unpacked. */
export interface UnpackArchiveOptions {
  /** For messages: what the archive is. */
  readonly shown: string;
  /** Bytes that it may have, decompressed; each entry counts with 4096 more, for an empty file needs room too. */
  readonly limit: number;
  readonly signal: AbortSignal;
}

const BLOCK = 512;
/** Bytes of a disk that an entry needs at least. */
const ENTRY = 4096;
/** A Dockerfile that is longer is none. */
const MOST_TEXT = 4 << 20;

/**
 * Unpacks a tar, maybe compressed, into an empty directory; a stream that is no tar is a text. No entry, link or name of the
 * archive leaves the directory. Owners are not kept: a build's own files belong to nobody.
 * Throws CONTEXT_INVALID, UNSUPPORTED, DISK_FULL, PERMISSION, CANCELLED.
 */
export async function unpackArchive(stream: Readable, directory: string, { shown, limit, signal }: UnpackArchiveOptions): Promise<Unpacked> {
  const stop = (): void => void stream.destroy(new CancelledError());
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await unpack(limited(decompressed(untilAborted(stream, signal), shown), limit, shown), directory, { shown, limit });
  } catch (error) {
    throw error instanceof StrakeError && error.code === 'IMAGE_INVALID' ? new OperatorError('CONTEXT_INVALID', `${shown}: ${error.message}`, { cause: error }) : error;
  } finally {
    signal.removeEventListener('abort', stop);
    stream.destroy();
  }
}

async function unpack(chunks: AsyncGenerator<Buffer>, directory: string, { shown, limit }: Pick<UnpackArchiveOptions, 'shown' | 'limit'>): Promise<Unpacked> {
  const head = await readHead(chunks);
  if (!isTar(head)) return { kind: 'text', text: await readText(head, chunks, shown) };
  const unpacker = new LayerUnpacker(directory, undefined, { whiteouts: false, owners: false });
  try {
    unpacker.write(head);
    let length = head.length;
    for await (const chunk of chunks) {
      unpacker.write(chunk);
      length += chunk.length;
      if (length + unpacker.entries * ENTRY > limit) throw tooLarge(shown, limit, `its ${unpacker.entries} files and more counted with ${ENTRY} each`);
    }
    unpacker.end();
  } catch (error) {
    unpacker.abort();
    throw error;
  }
  return { kind: 'tree' };
}

async function readHead(chunks: AsyncGenerator<Buffer>): Promise<Buffer> {
  let head: Buffer = Buffer.alloc(0);
  while (head.length < BLOCK) {
    const next = await chunks.next();
    if (next.done === true) break;
    head = Buffer.concat([head, next.value]);
  }
  return head;
}

/** Whether a tar begins here: the first header's checksum is right (the field itself counts as blanks), or there is nothing but zeros. */
function isTar(head: Buffer): boolean {
  if (head.length < BLOCK) return false;
  const block = head.subarray(0, BLOCK);
  if (block.every((byte) => byte === 0)) return true;
  const written = Number.parseInt(block.toString('latin1', 148, 156).replace(/\0.*/, '').trim(), 8);
  return written === block.reduce((sum, byte, at) => sum + (at >= 148 && at < 156 ? 0x20 : byte), 0);
}

async function readText(head: Buffer, chunks: AsyncGenerator<Buffer>, shown: string): Promise<string> {
  const parts = [head];
  let length = head.length;
  for await (const chunk of chunks) {
    parts.push(chunk);
    length += chunk.length;
    if (length > MOST_TEXT) break;
  }
  const bytes = Buffer.concat(parts);
  if (length > MOST_TEXT || bytes.includes(0)) throw new OperatorError('CONTEXT_INVALID', `${shown} is neither an archive nor a Dockerfile`, { hint: 'give a tar, maybe compressed by gzip, bzip2, xz or zstd' });
  return bytes.toString('utf8');
}

async function* limited(chunks: AsyncGenerator<Buffer>, limit: number, shown: string): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of chunks) {
    length += chunk.length;
    if (length > limit) throw tooLarge(shown, limit);
    yield chunk;
  }
}

function tooLarge(shown: string, limit: number, how?: string): OperatorError {
  return new OperatorError('CONTEXT_INVALID', `${shown} is larger than ${limit} bytes${how === undefined ? '' : `, ${how}`}`, { hint: 'leave out what the build does not need' });
}
