import { endPrograms } from '@strake/backend-embedded';
import type { Digest, ExportRequest, Image } from '@strake/api';
import { OperatorError } from '@strake/api';
import { dockerExporter } from '@strake/export-docker';
import { ociExporter } from '@strake/export-oci';
import { findImage, formatReference, hostPlatform, importRootfs, loadImages, manifestFor, openImage, parseReference, readLayoutAttributes, tarStreamTarget, writeResults, type Store } from '@strake/oci';
import { changedConfig, type ChangeParts } from './changed-config';
import { imageNames } from './image-names';
import type { ImageDetails, Images, ImageSummary } from './images-types';
import { never } from '../never';
import { digestsOf } from './registry-digests';
import { removeImage } from './remove-image';

/** Work on the images of a store. `changes` are for imports. */
export function openImages(store: Store, changes: ChangeParts): Images {
  return {
    keptBy: 'store',
    list: async () => {
      const names = imageNames(store);
      const images = store.images.list();
      const parents = stepParents(store, images.map(({ id }) => id));
      const used = new Set(parents.values());
      return images.map(({ id, manifest }) => {
        const summary = { ...summaryOf(store, id, names.get(id) ?? [], () => openImage(store, manifest)), ...parentOf(parents, id) };
        return summary.names.length === 0 && used.has(id) ? { ...summary, intermediate: true } : summary;
      });
    },
    get: async (reference) => detailsOf(store, openFound(store, reference).image),
    tag: async (reference, name) => tag(store, reference, name),
    remove: async (reference, { force = false } = {}) => withLease(store, () => removeImage(store, reference, { force })),
    load: (input, options) => loadImages(store, input, options),
    import: async (input, { name, message = 'Imported from -', changes: said = [], platform, signal } = {}) => {
      const config = { created: new Date().toISOString(), ...(await changedConfig(said, platform, changes)) };
      return importRootfs(store, input, { config, comment: message, ...(name === undefined ? {} : { name }), ...(signal === undefined ? {} : { signal }) });
    },
    save: (references, options) => save(store, references, options),
    prune: ({ all = false, dryRun = false } = {}) => store.prune({ all, dryRun, end: (directory) => endPrograms(store, directory) }),
  };
}

function openFound(store: Store, reference: string): { readonly image: Image; readonly name: string | undefined } {
  const { manifest, name } = findImage(store, reference);
  return { image: openImage(store, manifestFor(store, manifest, hostPlatform(), reference)), name };
}

/** The images that those of instructions were made on. */
function stepParents(store: Store, ids: readonly Digest[]): ReadonlyMap<Digest, Digest> {
  const records = store.cacheRecords<{ readonly parent: Digest | null }>('classic');
  return new Map(ids.flatMap((id) => [[id, records.get(id)?.parent] as const]).filter((pair): pair is readonly [Digest, Digest] => typeof pair[1] === 'string'));
}

function parentOf(parents: ReadonlyMap<Digest, Digest>, id: Digest): Pick<ImageSummary, 'parent'> {
  const parent = parents.get(id);
  return parent === undefined ? {} : { parent };
}

/** An image whose bytes are damaged is listed too: how else would it be removed? */
function summaryOf(store: Store, id: ImageSummary['id'], names: readonly string[], open: () => Image): ImageSummary {
  try {
    const image = open();
    return { id, names, ...digestsAs(store, id, names), created: image.config.created, size: layersOf(store, image).reduce((sum, { size }) => sum + size, 0) };
  } catch (error) {
    if (error instanceof OperatorError) return { id, names, created: undefined, size: 0 };
    throw error;
  }
}

function digestsAs(store: Store, id: Digest, names: readonly string[]): Pick<ImageSummary, 'digests'> {
  const digests = digestsOf(store, id, names);
  return digests.length === 0 ? {} : { digests };
}

function detailsOf(store: Store, image: Image): ImageDetails {
  const id = image.configDescriptor.digest;
  const summary = summaryOf(store, id, imageNames(store).get(id) ?? [], () => image);
  return { ...summary, ...parentOf(stepParents(store, [id]), id), manifest: image.manifest, config: image.config, layers: layersOf(store, image) };
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

async function save(store: Store, references: readonly string[], { format, destination, signal = never() }: Parameters<Images['save']>[1]): Promise<void> {
  const found = references.map((reference) => openFound(store, reference));
  const images = new Map(found.map(({ image }) => [image.manifest.digest, image]));
  const names = [...new Set(found.flatMap(({ name }) => name ?? []))];
  const request: ExportRequest = { images: [...images.values()], names, attributes: typeof destination === 'string' ? { dest: destination } : {}, signal, progress: () => undefined };
  const exporter = format === 'oci' ? ociExporter(store) : dockerExporter(store);
  const lease = store.lease();
  try {
    if (typeof destination === 'string') await exporter.export(request);
    else await writeResults(store, () => tarStreamTarget(destination), request, readLayoutAttributes(format, {}));
  } finally {
    lease.release();
  }
}
