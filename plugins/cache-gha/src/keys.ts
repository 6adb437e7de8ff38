import type { Digest } from '@strake/api';
import { createHash } from 'node:crypto';

const FORMAT = 1;

/** What a layer's key begins with; one whose upload was broken off is taken by another that begins so. */
export function blobKey(digest: Digest): string {
  return `strake-blob-${FORMAT}-${digest}`;
}

/** What the keys of a cache's documents begin with: entries never change, so that each document has a key of its own, and the newest is found. */
export function indexKey(scope: string, branch: string): string {
  return `strake-index-${scope}-${FORMAT}-${sha256(branch).slice(0, 8)}#`;
}

/** The service tells entries of different tools apart by this. */
export const ENTRY_VERSION = sha256(`strake-cache-${FORMAT}`);

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
