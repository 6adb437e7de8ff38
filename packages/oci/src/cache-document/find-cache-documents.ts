import type { Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { isIndex, parseManifest } from '../image/read-manifest';
import { CACHE_TYPE } from './cache-document';
import { otherConfig, requireKnown } from './foreign-cache';
import { inlineDocument } from './inline-cache';
import { MEDIA_TYPES } from '../image/media-types';

/** Reads small blobs, verified. */
export type ReadBlob = (descriptor: Descriptor) => Promise<Buffer>;

const MOST_MANIFESTS = 64;

/**
 * The cache documents behind a manifest: itself a cache, an image with an inline cache, or an index of such. Throws UNSUPPORTED for
 * what is neither, or is another builder's; IMAGE_INVALID; and what reading throws.
 */
export async function findCacheDocuments(root: Buffer, read: ReadBlob, shown: string): Promise<readonly Buffer[]> {
  const manifest = parseManifest(root, shown);
  if (!isIndex(manifest)) return [await documentOf(root, read, shown)];
  if (manifest.manifests.length > MOST_MANIFESTS) throw new OperatorError('IMAGE_INVALID', `${shown} has ${manifest.manifests.length} manifests, more than the ${MOST_MANIFESTS} that are looked at`);
  for (const { mediaType } of manifest.manifests) requireKnown(mediaType, shown);
  const found: Buffer[] = [];
  let failure: Error | undefined;
  for (const entry of manifest.manifests) {
    try {
      found.push(await documentOf(await read(entry), read, shown));
    } catch (error) {
      // Attestations, and images that were built in another way, may stand beside images with a cache.
      failure ??= error as Error;
    }
  }
  if (found.length === 0) throw failure ?? new OperatorError('UNSUPPORTED', `${shown} is an empty index`);
  return found;
}

async function documentOf(bytes: Buffer, read: ReadBlob, shown: string): Promise<Buffer> {
  const manifest = parseManifest(bytes, shown);
  if (isIndex(manifest)) throw new OperatorError('UNSUPPORTED', `${shown} is an index of indexes`);
  const { mediaType } = manifest.config;
  if (mediaType === CACHE_TYPE) return read(manifest.config);
  if (mediaType !== MEDIA_TYPES.config && mediaType !== MEDIA_TYPES.dockerConfig) throw otherConfig(mediaType, shown);
  const inline = inlineDocument(manifest, await read(manifest.config), shown);
  if (inline !== undefined) return inline;
  throw new OperatorError('UNSUPPORTED', `${shown} is an image without a cache in it`, { hint: 'Build it with --cache-to type=inline, or write a cache beside it with --cache-to.' });
}
