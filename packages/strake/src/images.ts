import { endPrograms } from '@strake/backend-embedded';
import type { ExportRequest, Image } from '@strake/api';
import { OperatorError } from '@strake/api';
import { dockerExporter } from '@strake/export-docker';
import { ociExporter } from '@strake/export-oci';
import { findImage, formatReference, hostPlatform, loadImages, manifestFor, openImage, parseReference, type Store } from '@strake/oci';
import { imageNames } from './image-names';
import type { ImageDetails, Images, ImageSummary } from './images-types';
import { removeImage } from './remove-image';

/** Work on the images of a store. */
export function openImages(store: Store): Images {
  return {
    list: async () => {
      const names = imageNames(store);
      return store.images.list().map(({ id, manifest }) => summaryOf(store, id, names.get(id) ?? [], () => openImage(store, manifest)));
    },
    get: async (reference) => detailsOf(store, openFound(store, reference).image),
    tag: async (reference, name) => tag(store, reference, name),
    remove: async (reference, options) => withLease(store, () => removeImage(store, reference, options)),
    load: (input, options) => loadImages(store, input, options),
    save: (references, options) => save(store, references, options),
    prune: (options) => store.prune({ ...options, end: (directory) => endPrograms(store, directory) }),
  };
}

function openFound(store: Store, reference: string): { readonly image: Image; readonly name: string | undefined } {
  const { manifest, name } = findImage(store, reference);
  return { image: openImage(store, manifestFor(store, manifest, hostPlatform(), reference)), name };
}

/** An image whose bytes are damaged is listed too: how else would it be removed? */
function summaryOf(store: Store, id: ImageSummary['id'], names: readonly string[], open: () => Image): ImageSummary {
  try {
    const image = open();
    return { id, names, created: image.config.created, size: layersOf(store, image).reduce((sum, { size }) => sum + size, 0) };
  } catch (error) {
    if (error instanceof OperatorError) return { id, names, created: undefined, size: 0 };
    throw error;
  }
}

function detailsOf(store: Store, image: Image): ImageDetails {
  const id = image.configDescriptor.digest;
  const summary = summaryOf(store, id, imageNames(store).get(id) ?? [], () => image);
  return { ...summary, manifest: image.manifest, config: image.config, layers: layersOf(store, image) };
}

function layersOf(store: Store, { layers }: Image): ImageDetails['layers'] {
  return layers.map(({ diffId, descriptor }) => ({ diffId, size: store.layers.get(diffId)?.size ?? descriptor.size }));
}

function tag(store: Store, reference: string, name: string): void {
  const wanted = parseReference(name);
  if (wanted.digest !== undefined) throw new OperatorError('REFERENCE_INVALID', `${name} has a digest, which no image can be given`, { hint: 'Write name:tag.' });
  withLease(store, () => store.names.set(formatReference(wanted), findImage(store, reference).manifest));
}

/** Nothing is pruned meanwhile. */
function withLease<T>(store: Store, work: () => T): T {
  const lease = store.lease();
  try {
    return work();
  } finally {
    lease.release();
  }
}

async function save(store: Store, references: readonly string[], { format, destination, signal }: Parameters<Images['save']>[1]): Promise<void> {
  const found = references.map((reference) => openFound(store, reference));
  const images = new Map(found.map(({ image }) => [image.manifest.digest, image]));
  const names = [...new Set(found.flatMap(({ name }) => name ?? []))];
  const request: ExportRequest = { images: [...images.values()], names, attributes: { dest: destination }, signal, progress: () => undefined };
  const exporter = format === 'oci' ? ociExporter(store) : dockerExporter(store);
  const lease = store.lease();
  try {
    await exporter.export(request);
  } finally {
    lease.release();
  }
}
