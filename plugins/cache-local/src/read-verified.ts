import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { digestOf } from '@strake/oci';

/** A small blob as a whole. Throws DIGEST_MISMATCH, as soon as there are more bytes than its descriptor says. */
export async function readVerified(source: AsyncIterable<Buffer>, { digest, size }: Descriptor): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let read = 0;
  for await (const chunk of source) {
    read += chunk.length;
    if (read > size) throw new OperatorError('DIGEST_MISMATCH', `${digest} should have ${size} bytes but has more`);
    chunks.push(chunk);
  }
  const bytes = Buffer.concat(chunks);
  if (read !== size || digestOf(bytes) !== digest) throw new OperatorError('DIGEST_MISMATCH', `expected ${digest} with ${size} bytes but found ${digestOf(bytes)} with ${read}`);
  return bytes;
}
