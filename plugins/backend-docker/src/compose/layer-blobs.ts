import { OperatorError, type Descriptor, type Digest } from '@strake/api';
import { isIndex, MEDIA_TYPES, parseConfig, parseManifest, type Manifest, type Records } from '@strake/oci';
import type { LayerFile } from '../copy/layer-tar';
import type { EngineImage, EngineManifest } from '../engine';
import type { ComposeParts } from './compose-image';
import { readBlobs } from './read-blobs';

/** Which blobs of an engine with the store of containerd are which layers. It is remembered for later builds, too. */
export class LayerBlobs {
  private readonly parts: ComposeParts;
  private readonly known: Records<Descriptor>;

  constructor(parts: ComposeParts) {
    this.parts = parts;
    this.known = parts.store.cacheRecords<Descriptor>(`${parts.records}-blobs`);
  }

  /** The blobs of layers that an image has, and of one that is brought. Throws ENGINE_FAILED where the engine does not have them all. */
  async of(layers: readonly Digest[], from: EngineImage | null, highest?: LayerFile): Promise<readonly Descriptor[]> {
    if (highest !== undefined) this.known.set(highest.diffId, { mediaType: MEDIA_TYPES.layer, digest: highest.diffId, size: highest.size });
    if (from !== null && layers.some((layer) => this.known.get(layer) === undefined)) await this.learn(from);
    return layers.map((layer) => this.known.get(layer) ?? lacking(layer, from));
  }

  forget(layers: readonly Digest[]): void {
    for (const layer of layers) this.known.delete(layer);
  }

  /** Reads the manifest of an image. */
  private async learn(image: EngineImage): Promise<void> {
    const { client: { images }, signal } = this.parts;
    const layers = image.RootFS.Layers ?? [];
    const fitting = (await images.manifests(image.Id, signal)).filter((manifest) => isOf(manifest, image)).map(({ Descriptor }) => Descriptor);
    const manifests = [...(await this.read(fitting))].map(([digest, bytes]) => parseManifest(bytes, digest)).filter((read) => !isIndex(read) && read.layers.length === layers.length) as readonly Manifest[];
    const manifest = manifests.length > 1 ? await this.withLayers(manifests, layers) : manifests[0];
    for (const [at, layer] of layers.entries()) {
      const blob = manifest?.layers[at];
      if (blob !== undefined) this.known.set(layer, { mediaType: blob.mediaType, digest: blob.digest, size: blob.size });
    }
  }

  /** Of several manifests for one platform, the one with exactly these layers. */
  private async withLayers(manifests: readonly Manifest[], layers: readonly Digest[]): Promise<Manifest | undefined> {
    const configs = await this.read(manifests.map(({ config }) => config));
    return manifests.find(({ config: { digest } }) => {
      const bytes = configs.get(digest);
      return bytes !== undefined && parseConfig(bytes, digest).rootfs.diff_ids.every((layer, at) => layer === layers[at]);
    });
  }

  private read(blobs: readonly Descriptor[]): Promise<ReadonlyMap<Digest, Buffer>> {
    const { client: { images }, labels, signal } = this.parts;
    return readBlobs(blobs, images, labels, signal);
  }
}

function isOf({ Kind, Available, ImageData }: EngineManifest, { Os, Architecture, Variant = '' }: EngineImage): boolean {
  if (Kind !== 'image' || !Available || ImageData === undefined) return false;
  const { os, architecture, variant = '' } = ImageData.Platform;
  return os === Os && architecture === Architecture && variant === Variant;
}

function lacking(layer: Digest, from: EngineImage | null): never {
  throw new OperatorError('ENGINE_FAILED', `the engine does not have the blob of the layer ${layer} of the image ${from?.Id ?? ''}`, { hint: 'Pull or load that image again.' });
}
