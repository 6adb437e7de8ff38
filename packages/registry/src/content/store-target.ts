import type { Descriptor, Digest } from '@strake/api';
import { OperatorError, StrakeError } from '@strake/api';
import { compressionOf, isIndex, MEDIA_TYPES, parseConfig, parseManifest, type Expected, type Manifest, type Store } from '@strake/oci';
import { closeSync, openSync, readSync } from 'node:fs';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource, ContentTarget, CountBytes, PutOutcome } from './content';
import { goOn, type TakeBytes } from './go-on';
import { measureLayer, measuring, type LayerMeasure } from './measure-layer';
import { RegistrySource } from './registry-source';

/** A store that images are pulled into. Names come last; after a failure it has at most blobs that nothing refers to. */
export class StoreTarget implements ContentTarget {
  readonly #store: Store;
  readonly #names: readonly string[];
  readonly #measures = new Map<Digest, LayerMeasure>();

  /** `names` are normalised. */
  constructor(store: Store, names: readonly string[]) {
    this.#store = store;
    this.#names = names;
  }

  async put(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<PutOutcome> {
    const { digest, size } = descriptor;
    const [origin] = source.origins(descriptor);
    const here = this.#store.blobs.has(digest, size);
    if (!here) await this.#orWithoutMirrors(source, (from) => this.#ingest(descriptor, from, count));
    if (origin !== undefined) this.#store.remote.remember(digest, origin);
    return { state: here ? 'exists' : 'done' };
  }

  async putManifest(manifest: FetchedManifest, isRoot: boolean): Promise<void> {
    const { descriptor, bytes } = manifest;
    const parsed = parseManifest(bytes, `the manifest ${descriptor.digest}`);
    if (!isIndex(parsed) && isImage(parsed)) await this.#register(descriptor, parsed);
    this.#store.blobs.write(descriptor.mediaType, bytes);
    if (isRoot) for (const name of this.#names) this.#store.names.set(name, descriptor);
  }

  async end(): Promise<void> {
    // What was taken is verified; what nothing refers to goes with the next prune.
  }

  /** Takes a blob without looking into it: whoever unpacks it verifies its DiffID. */
  bring(descriptor: Descriptor, source: RegistrySource, count: CountBytes): Promise<void> {
    return this.#orWithoutMirrors(source, (from) => this.#goOn(descriptor, from, count, async (bytes, into) => {
      await this.#store.blobs.ingest(bytes, { digest: descriptor.digest, size: descriptor.size, ...into });
    }));
  }

  /** A mirror may give wrong bytes; the registry itself is asked then. */
  async #orWithoutMirrors(source: ContentSource, work: (source: ContentSource) => Promise<void>): Promise<void> {
    try {
      await work(source);
    } catch (error) {
      const own = source instanceof RegistrySource ? source.withoutMirrors() : undefined;
      if (own === undefined || (error instanceof StrakeError && error.code === 'CANCELLED')) throw error;
      await work(own);
    }
  }

  #ingest(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<void> {
    return this.#goOn(descriptor, source, count, (bytes, into) => this.#take(descriptor, bytes, into));
  }

  /** Layouts are on this machine: what they have is quickly read again. */
  #goOn(descriptor: Descriptor, source: ContentSource, count: CountBytes, take: TakeBytes): Promise<void> {
    return source instanceof RegistrySource ? goOn(this.#store, descriptor, (from) => source.open(descriptor, count, from), take) : take(source.open(descriptor, count), {});
  }

  async #take({ digest, size, mediaType }: Descriptor, bytes: AsyncIterable<Buffer>, into: Pick<Expected, 'into'>): Promise<void> {
    if (!/tar/.test(mediaType)) return void (await this.#store.blobs.ingest(bytes, { digest, size, mediaType, ...into }));
    const { bytes: passing, done } = measuring(bytes, { packed: size, shown: `the layer ${digest}` });
    await this.#store.blobs.ingest(passing, { digest, size, mediaType, ...into });
    try {
      this.#measures.set(digest, await done);
    } catch (error) {
      this.#store.blobs.delete(digest);
      throw error;
    }
  }

  async #register(descriptor: Descriptor, { config, layers }: Manifest): Promise<void> {
    const { rootfs } = parseConfig(this.#store.blobs.read(config.digest), `the image config ${config.digest}`);
    if (rootfs.diff_ids.length !== layers.length) throw new OperatorError('IMAGE_INVALID', `${descriptor.digest} has ${layers.length} layers but its config ${rootfs.diff_ids.length}`);
    for (const [at, layer] of layers.entries()) await this.#layer(layer, rootfs.diff_ids[at] as Digest);
    this.#store.images.put(config.digest, descriptor);
  }

  async #layer(layer: Descriptor, diffId: Digest): Promise<void> {
    const { layers, blobs } = this.#store;
    const known = layers.get(diffId);
    if (known?.blob?.digest === layer.digest || !blobs.has(layer.digest)) return;
    const measure = this.#measures.get(layer.digest) ?? (await measureLayer(blobs.open(layer.digest) as AsyncIterable<Buffer>, { packed: layer.size, shown: `the layer ${layer.digest}` }));
    if (measure.diffId !== diffId) throw new OperatorError('DIGEST_MISMATCH', `the layer ${layer.digest} should have the DiffID ${diffId} but has ${measure.diffId}`);
    const kept = known?.blob !== undefined && blobs.has(known.blob.digest) ? known.blob : { mediaType: typeOf(blobs.path(layer.digest)), digest: layer.digest, size: layer.size };
    layers.set(diffId, { ...known, ...measure, blob: kept });
  }
}

/** Artifacts have manifests of the same form: they are kept, but are no images. */
function isImage({ config }: Manifest): boolean {
  return config.mediaType === MEDIA_TYPES.config || config.mediaType === MEDIA_TYPES.dockerConfig;
}

/** By its bytes: media types lie. */
function typeOf(path: string): string {
  const fd = openSync(path, 'r');
  try {
    const head = Buffer.alloc(6);
    const compression = compressionOf(head.subarray(0, readSync(fd, head)));
    return compression === 'gzip' ? MEDIA_TYPES.layerGzip : compression === 'zstd' ? MEDIA_TYPES.layerZstd : MEDIA_TYPES.layer;
  } finally {
    closeSync(fd);
  }
}
