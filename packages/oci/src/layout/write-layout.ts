import type { Descriptor, Image } from '@strake/api';
import type { ByteSource } from '../compression/decompressed';
import { untilAborted } from '../compression/until-aborted';
import { hexOf } from '../digest';
import type { FormedResult } from '../form/formed-result';
import { encodeGoJson } from '../image/go-json';
import { hostPlatform } from '../image/host-platform';
import { MEDIA_TYPES } from '../image/media-types';
import { familiarReference, parseReference } from '../image/reference';
import type { LayoutTarget } from './layout-target';

/** A result and the normalised references that it is written under. */
export interface NamedResult extends FormedResult {
  readonly names: readonly string[];
}

/** How a layout is written. */
export interface WriteLayoutOptions {
  /** Adds `manifest.json`, which `docker load` of engines before 25 looks for. */
  readonly dockerManifest: boolean;
  /** For the annotation of the index's entries; without it they have none, so that the same image gives the same bytes. */
  readonly created?: Date;
  readonly signal: AbortSignal;
  progress(label: string, current: number, total?: number): void;
}

/**
 * Writes results as an OCI image layout (image-spec image-layout.md). The same images give the same bytes. On an error or
 * a cancellation nothing is left. Throws CANCELLED, STORE_INVALID, DISK_FULL.
 */
export async function writeLayout(target: LayoutTarget, results: readonly NamedResult[], options: WriteLayoutOptions): Promise<void> {
  try {
    await addBytes(target, 'oci-layout', Buffer.from('{"imageLayoutVersion":"1.0.0"}'));
    await addBlobs(target, results, options);
    const docker = options.dockerManifest ? results.flatMap(dockerEntries) : [];
    if (docker.length > 0) await addBytes(target, 'manifest.json', encodeGoJson(docker));
    const entries = results.flatMap((result) => indexEntries(result, options));
    const manifests = [...(target.existing?.manifests ?? []).filter((old) => !entries.some((entry) => replaces(entry, old))), ...entries];
    await addBytes(target, 'index.json', encodeGoJson({ schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests }));
    await target.commit();
  } catch (error) {
    target.abort();
    throw error;
  }
}

async function addBlobs(target: LayoutTarget, results: readonly NamedResult[], options: WriteLayoutOptions): Promise<void> {
  const written = new Set<string>();
  const add = async ({ digest, size }: Descriptor, open: () => ByteSource): Promise<void> => {
    if (written.has(digest)) return;
    written.add(digest);
    options.progress(digest, 0, size);
    await target.add(`blobs/sha256/${hexOf(digest)}`, size, untilAborted(open(), options.signal));
    options.progress(digest, size, size);
  };
  for (const { images, index } of results) {
    for (const image of images) {
      for (const layer of image.layers) await add(layer.descriptor, () => layer.open());
      await add(image.configDescriptor, () => [image.configBytes]);
      await add(image.manifest, () => [image.manifestBytes]);
    }
    if (index !== undefined) await add(index.descriptor, () => [index.bytes]);
  }
}

function addBytes(target: LayoutTarget, path: string, bytes: Buffer): Promise<void> {
  return target.add(path, bytes.length, [bytes]);
}

/** One entry a name, annotated as BuildKit and containerd do; one without a name for a result without names. */
function indexEntries({ descriptor, names }: NamedResult, { created }: WriteLayoutOptions): readonly Descriptor[] {
  const time = created === undefined ? {} : { 'org.opencontainers.image.created': created.toISOString().replace(/\.\d+Z$/, 'Z') };
  const { mediaType, digest, size, annotations = {}, platform } = descriptor;
  const entry = (own: Readonly<Record<string, string>>): Descriptor => {
    const all = { ...time, ...annotations, ...own };
    const sorted = Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
    return { mediaType, digest, size, ...(Object.keys(all).length === 0 ? {} : { annotations: sorted }), ...(platform === undefined ? {} : { platform }) };
  };
  if (names.length === 0) return [entry({})];
  return names.map((name) => entry({ 'io.containerd.image.name': name, 'org.opencontainers.image.ref.name': parseReference(name).tag ?? '' }));
}

function replaces(entry: Descriptor, old: Descriptor): boolean {
  const name = entry.annotations?.['io.containerd.image.name'];
  return name === undefined ? old.digest === entry.digest : old.annotations?.['io.containerd.image.name'] === name;
}

/** Such a file has no platforms: of several images it names this machine's. */
function dockerEntries({ images, index, names }: NamedResult): readonly object[] {
  const here = hostPlatform();
  const shown = index === undefined ? images : images.filter(({ config }) => config.os === here.os && config.architecture === here.architecture).slice(0, 1);
  return shown.map((image) => dockerEntry(image, names));
}

function dockerEntry(image: Image, names: readonly string[]): object {
  const pathOf = ({ digest }: Descriptor): string => `blobs/sha256/${hexOf(digest)}`;
  return {
    Config: pathOf(image.configDescriptor),
    RepoTags: names.map((name) => familiarReference(parseReference(name))),
    Layers: image.layers.map(({ descriptor }) => pathOf(descriptor)),
  };
}
