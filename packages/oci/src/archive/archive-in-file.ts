import { closeSync, createReadStream, openSync, readSync } from 'node:fs';
import { DockerfileError, StrakeError } from '@strake/api';
import { compressionOf } from '../compression/compression-of';
import { decompressed } from '../compression/decompressed';

/** The tar in a file, by its content, decompressed; undefined when there is none. Throws UNSUPPORTED when the tool for it is not installed. */
export async function tarOf(path: string): Promise<AsyncIterable<Buffer> | undefined> {
  const file = openSync(path, 'r');
  const head = Buffer.alloc(512);
  const length = readSync(file, head, 0, head.length, 0);
  const compression = compressionOf(head.subarray(0, length));
  if (compression === 'none' && !(length === 512 && isTarHeader(head))) {
    closeSync(file);
    return undefined;
  }
  // Opened here and now: a stream that opens by itself does it in a thread without our mounts.
  const bytes = createReadStream('', { fd: file, start: 0, highWaterMark: 1 << 20 });
  return startsAsTar(decompressed(bytes, path), path);
}

/** Looks at the first block, then gives it back. */
async function startsAsTar(source: AsyncIterable<Buffer>, shown: string): Promise<AsyncIterable<Buffer> | undefined> {
  const iterator = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  try {
    while (head.length < 512) {
      const next = await iterator.next();
      if (next.done === true) break;
      head = Buffer.concat([head, next.value]);
    }
  } catch (error) {
    // Not what its first bytes promise: then it is a file like any other.
    if (isDamaged(error)) return undefined;
    throw error;
  }
  if (head.length >= 512 && isTarHeader(head)) return chain(head, iterator, shown);
  await iterator.return?.();
  return undefined;
}

async function* chain(head: Buffer, rest: AsyncIterator<Buffer>, shown: string): AsyncIterable<Buffer> {
  try {
    yield head;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } catch (error) {
    throw isDamaged(error) ? new DockerfileError('CONTEXT_INVALID', `"${shown}" is a damaged archive`, { cause: error }) : error;
  } finally {
    await rest.return?.();
  }
}

/** Whether a block's checksum is right: the field itself counts as blanks. */
function isTarHeader(block: Buffer): boolean {
  const written = Number.parseInt(block.toString('latin1', 148, 156).replace(/\0.*/, '').trim(), 8);
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at++) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  return sum === written;
}

const isDamaged = (error: unknown): boolean => error instanceof StrakeError && error.code === 'IMAGE_INVALID';
