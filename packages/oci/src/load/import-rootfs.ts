import type { Descriptor, Digest, ImageConfigFile } from '@strake/api';
import type { Readable } from 'node:stream';
import { decompressed } from '../compression/decompressed';
import { untilAborted } from '../compression/until-aborted';
import { MEDIA_TYPES } from '../image/media-types';
import { makeImage } from '../image/make-image';
import { openLayer } from '../image/open-layer';
import { formatReference, parseReference } from '../image/reference';
import type { Store } from '../store';
import { invalidImage } from './input-files';
import { TarFiles } from './tar-files';

/** What is made of a root file system. */
export interface ImportRootfsOptions {
  /** Platform and config; the time is that of the one entry of the history. */
  readonly config: Omit<ImageConfigFile, 'history' | 'rootfs'>;
  /** Of that entry. */
  readonly comment: string;
  readonly name?: string;
  readonly signal?: AbortSignal;
}

/**
 * Makes an image of one layer out of a root file system's tar, compressed or not, as `docker import` does; an archive without entries is one too. Its bytes
 * go into the store as they come. Throws IMAGE_INVALID, REFERENCE_INVALID, DISK_FULL, CANCELLED; then no image is there.
 */
export async function importRootfs(store: Store, input: Readable, options: ImportRootfsOptions): Promise<Digest> {
  const name = options.name === undefined ? undefined : formatReference(parseReference(options.name));
  const lease = store.lease();
  try {
    const blob = await takeLayer(store, input, options.signal);
    const { created } = options.config;
    const entry = { ...(created === undefined ? {} : { created }), comment: options.comment };
    const image = makeImage({ config: options.config, history: [entry], layers: [openLayer(store, blob, blob.digest)] });
    store.blobs.write(image.configDescriptor.mediaType, image.configBytes);
    store.blobs.write(image.manifest.mediaType, image.manifestBytes);
    if (store.layers.get(blob.digest)?.blob === undefined) store.layers.set(blob.digest, { ...store.layers.get(blob.digest), diffId: blob.digest, size: blob.size, blob });
    store.images.put(image.configDescriptor.digest, image.manifest);
    if (name !== undefined) store.names.set(name, image.manifest);
    return image.configDescriptor.digest;
  } finally {
    lease.release();
    input.destroy();
  }
}

async function takeLayer(store: Store, input: Readable, signal: AbortSignal | undefined): Promise<Descriptor> {
  const tar = new TarFiles('the input');
  const blob = await store.blobs.ingest(tar.watch(decompressed(untilAborted(input, signal), 'the input')), { mediaType: MEDIA_TYPES.layer });
  if (blob.size === 0) throw invalidImage('the input', 'it is empty');
  return blob;
}
