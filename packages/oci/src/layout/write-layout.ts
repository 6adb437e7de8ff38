import type { Descriptor, Image } from '@strake/api';
import type { ByteSource } from '../compression/decompressed';
import { untilAborted } from '../compression/until-aborted';
import { hexOf } from '../digest';
import { encodeGoJson } from '../image/go-json';
import { MEDIA_TYPES } from '../image/media-types';
import { familiarReference, parseReference } from '../image/reference';
import type { LayoutTarget } from './layout-target';

/** An image and the normalised references that it is written under. */
export interface NamedImage {
  readonly image: Image;
  readonly names: readonly string[];
}

/** How a layout is written. */
export interface WriteLayoutOptions {
  /** Adds `manifest.json`, which `docker load` looks for. */
  readonly dockerManifest: boolean;
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
}

/**
 * Writes images as an OCI image layout (image-spec image-layout.md). The same images give the same bytes. On an error or
 * a cancellation nothing is left. Throws CANCELLED, STORE_INVALID, DISK_FULL.
 */
export async function writeLayout(target: LayoutTarget, images: readonly NamedImage[], options: WriteLayoutOptions): Promise<void> {
  try {
    await addBytes(target, 'oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
    await addBlobs(target, images, options);
    if (options.dockerManifest) await addBytes(target, 'manifest.json', encodeGoJson(images.map(dockerEntry)));
    const entries = images.flatMap(indexEntries);
    const manifests = [...(target.existing?.manifests ?? []).filter((old) => !entries.some((entry) => replaces(entry, old))), ...entries];
    await addBytes(target, 'index.json', encodeGoJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests }));
    await target.commit();
  } catch (error) {
    target.abort();
    throw error;
  }
}

async function addBlobs(target: LayoutTarget, images: readonly NamedImage[], options: WriteLayoutOptions): Promise<void> {
  const written = new Set<string>();
  const add = async ({ digest, size }: Descriptor, open: () => ByteSource): Promise<void> => {
    if (written.has(digest)) return;
    written.add(digest);
    options.progress(digest, 0, size);
    await target.add(`blobs/sha256/${hexOf(digest)}`, size, untilAborted(open(), options.signal));
    options.progress(digest, size, size);
  };
  for (const { image } of images) {
    for (const layer of image.layers) await add(layer.descriptor, () => layer.open());
    await add(image.configDescriptor, () => [image.configBytes]);
    await add(image.manifest, () => [image.manifestBytes]);
  }
}

function addBytes(target: LayoutTarget, path: string, bytes: Buffer): Promise<void> {
  return target.add(path, bytes.length, [bytes]);
}

/** One entry a name, annotated as BuildKit and containerd do; one without annotations for an image without names. */
function indexEntries({ image, names }: NamedImage): readonly Descriptor[] {
  const { mediaType, digest, size } = image.manifest;
  const { architecture, os, variant } = image.config;
  const platform = { architecture, os, ...(variant === undefined ? {} : { variant }) };
  if (names.length === 0) return [{ mediaType, digest, size, platform }];
  return names.map((name) => {
    const tag = parseReference(name).tag ?? '';
    return { mediaType, digest, size, annotations: { 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': tag }, platform };
  });
}

function replaces(entry: Descriptor, old: Descriptor): boolean {
  const name = entry.annotations?.['io.containerd.image.name'];
  return name === undefined ? old.digest === entry.digest : old.annotations?.['io.containerd.image.name'] === name;
}

function dockerEntry({ image, names }: NamedImage): object {
  const pathOf = ({ digest }: Descriptor): string => `blobs/sha256/${hexOf(digest)}`;
  return {
    Config: pathOf(image.configDescriptor),
    RepoTags: names.map((name) => familiarReference(parseReference(name))),
    Layers: image.layers.map(({ descriptor }) => pathOf(descriptor)),
  };
}
