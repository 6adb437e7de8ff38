import { createHash } from 'node:crypto';
import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { statSync } from 'node:fs';
import { decompressed } from '../compression/decompressed';
import { limitExpansion } from '../compression/limit-expansion';
import type { Blobs } from './blobs';

/** Decompresses a blob of the store and holds it against a DiffID; answers the bytes of the tar. Throws DIGEST_MISMATCH, and IMAGE_INVALID when it is damaged or becomes too large. */
export async function verifyLayer(blobs: Blobs, digest: Digest, diffId: Digest): Promise<{ readonly diffId: Digest; readonly size: number }> {
  const shown = `the layer ${digest}`;
  const { size: packed } = statSync(blobs.path(digest));
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of limitExpansion(decompressed(blobs.open(digest), shown), { packed, shown })) {
    hash.update(chunk);
    size += chunk.length;
  }
  const found = `sha256:${hash.digest('hex')}`;
  if (found !== diffId) throw new OperatorError('DIGEST_MISMATCH', `${shown} should have the DiffID ${diffId} but has ${found}`);
  return { diffId, size };
}
