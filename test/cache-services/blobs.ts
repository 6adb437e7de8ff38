import { CancelledError, type CacheBlob, type Descriptor } from '@strake/api';
import { digestOf } from '@strake/oci';
import { createCipheriv, createHash } from 'node:crypto';

/** Bytes that are the same each time, and compress badly. */
export function someBytes(size: number, seed = 'seed'): Buffer {
  const key = createHash('sha256').update(seed).digest();
  return createCipheriv('aes-256-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(size));
}

/** A layer on its way to a place. `opened` counts how often its bytes were asked for. */
export function blobOf(bytes: Buffer, spoil?: Error): CacheBlob & { readonly opened: () => number } {
  let opened = 0;
  const open = async function* (): AsyncGenerator<Buffer> {
    opened += 1;
    for (let at = 0; at < bytes.length; at += 100_000) {
      if (spoil !== undefined && at + 100_000 >= bytes.length) throw spoil;
      yield bytes.subarray(at, at + 100_000);
    }
  };
  return { descriptor: descriptorOf(bytes), repositories: [], open, opened: () => opened };
}

/** What names bytes as a layer. */
export function descriptorOf(bytes: Buffer): Descriptor {
  return { mediaType: 'application/vnd.oci.image.layer.v1.tar+gzip', digest: digestOf(bytes), size: bytes.length };
}

/** All that comes, or what it fails with; like a build, it stops when there are more bytes than `limit`. */
export async function collect(source: AsyncIterable<Buffer>, limit = Infinity): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of source) {
    size += chunk.length;
    if (size > limit) throw new Error(`more than ${limit} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** A signal that is never given. */
export const never: AbortSignal = new AbortController().signal;

/** What work is thrown with; an error that fails the test where it is not. */
export async function failureOf(work: Promise<unknown>): Promise<Error & { readonly code?: string; readonly hint?: string }> {
  try {
    await work;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  throw new CancelledError({ hint: 'it did not fail' });
}
