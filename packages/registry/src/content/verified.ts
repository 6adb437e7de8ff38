import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createHash } from 'node:crypto';

/**
 * The same bytes; fails when they are not what the descriptor says, and then keeps back the last of them: whoever takes bytes until there are
 * enough never has them all. Throws DIGEST_MISMATCH.
 */
export async function* verified(source: AsyncIterable<Buffer> | Iterable<Buffer>, { digest, size }: Descriptor): AsyncGenerator<Buffer, void, undefined> {
  const hash = createHash('sha256');
  let read = 0;
  let held: Buffer | undefined;
  for await (const chunk of source) {
    hash.update(chunk);
    read += chunk.length;
    if (read > size) break;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (read !== size) throw new OperatorError('DIGEST_MISMATCH', `${digest} should have ${size} bytes but has ${read > size ? 'more' : read}`);
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== digest) throw new OperatorError('DIGEST_MISMATCH', `expected ${digest} but the bytes have ${found}`);
  if (held !== undefined) yield held;
}

/** A small blob as a whole. Throws IMAGE_INVALID above `limit` bytes, DIGEST_MISMATCH. */
export async function readVerified(source: AsyncIterable<Buffer>, descriptor: Descriptor, limit: number): Promise<Buffer> {
  if (descriptor.size > limit) throw new OperatorError('IMAGE_INVALID', `${descriptor.digest} has ${descriptor.size} bytes, more than the ${limit} that are read`);
  const chunks: Buffer[] = [];
  for await (const chunk of verified(source, descriptor)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
