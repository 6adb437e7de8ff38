import type { Digest, ExportRequest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { compressImage, type CompressedImage } from '../image/compress-image';
import { hostPlatform } from '../image/host-platform';
import { manifestFor } from '../image/read-image';
import { folderTarget } from '../layout/folder-target';
import type { LayoutTarget } from '../layout/layout-target';
import { writeLayout } from '../layout/write-layout';
import type { Store } from '../store';
import { readLayoutAttributes, refuseTerminal, type LayoutAttributes } from './export-attributes';
import { tarStreamTarget } from './tar-stream-target';
import { tarFileTarget } from './tar-target';

/**
 * Does an export as a layout, in a folder or an archive; an archive also holds what `docker load` of old engines reads. Throws
 * USAGE, PERMISSION, DISK_FULL, CANCELLED, STORE_INVALID; then nothing is at the destination that was not there before.
 */
export async function exportLayout(store: Store, type: string, request: ExportRequest): Promise<{ readonly path?: string }> {
  const attributes = readLayoutAttributes(type, request.attributes);
  refuseTerminal(type, attributes);
  const names = namesOf(store, request, attributes);
  const compressed = await compressAll(store, request, attributes);
  try {
    const images = compressed.map(({ image }, at) => ({ image, names: names[at] ?? [] }));
    await writeLayout(openTarget(attributes), images, { dockerManifest: attributes.tar, signal: request.signal, progress: (...all) => request.progress(...all) });
  } finally {
    for (const one of compressed) one.dispose();
  }
  return attributes.destination === undefined ? {} : { path: attributes.destination };
}

function openTarget({ destination, tar }: LayoutAttributes): LayoutTarget {
  if (destination === undefined) return tarStreamTarget(process.stdout);
  return tar ? tarFileTarget(destination) : folderTarget(destination);
}

async function compressAll(store: Store, { images, signal }: ExportRequest, { compression }: LayoutAttributes): Promise<readonly CompressedImage[]> {
  if (compression === 'none') return images.map((image) => ({ image, dispose: () => undefined }));
  const done: CompressedImage[] = [];
  try {
    for (const image of images) done.push(await compressImage(store, image, signal));
    return done;
  } catch (error) {
    for (const one of done) one.dispose();
    throw error;
  }
}

/** One image has all the names; of several each has those that the store knows it by. */
function namesOf(store: Store, request: ExportRequest, attributes: LayoutAttributes): readonly (readonly string[])[] {
  const names = attributes.names ?? request.names;
  if (request.images.length === 1) return [names];
  if (attributes.names !== undefined) throw new OperatorError('USAGE', 'name= is for one image, not for several');
  return request.images.map((image) => names.filter((name) => manifestNamed(store, name) === image.manifest.digest));
}

function manifestNamed(store: Store, name: string): Digest | undefined {
  const named = store.names.get(name);
  return named === undefined ? undefined : manifestFor(store, named.manifest, hostPlatform(), name).digest;
}
