import type { Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync } from 'node:fs';
import { compressionOf, MAGIC_BYTES } from '../compression/compression-of';
import { decompressed } from '../compression/decompressed';
import { limitExpansion } from '../compression/limit-expansion';
import { untilAborted } from '../compression/until-aborted';
import { digestOf } from '../digest';
import { MEDIA_TYPES } from '../image/media-types';
import { parseConfig } from '../image/read-manifest';
import type { LayerRecord, Store } from '../store';
import { invalidImage, type InputFiles } from './input-files';

/** An image whose bytes are all in the store and verified; nothing refers to them yet. */
export interface TakenImage {
  readonly id: Digest;
  readonly manifest: Descriptor;
  readonly layers: readonly LayerRecord[];
}

/** A layer to take: where it is, what it must be. */
interface WantedLayer {
  readonly path: string;
  readonly diffId: Digest;
  /** As the manifest says; undefined where there is no manifest that names digests. */
  readonly descriptor?: Descriptor;
}

/** Takes verified bytes from an input into the store. What it stores is unreferenced until the images are registered. */
export class Intake {
  readonly #store: Store;
  readonly #files: InputFiles;
  readonly #signal: AbortSignal | undefined;
  /** By DiffID and place: images of one input share layers. */
  readonly #taken = new Map<string, LayerRecord>();

  constructor(store: Store, files: InputFiles, signal?: AbortSignal) {
    this.#store = store;
    this.#files = files;
    this.#signal = signal;
  }

  /** Keeps a small blob that must be as described. Throws IMAGE_INVALID. */
  keep(bytes: Buffer, { digest, size, mediaType }: Descriptor): void {
    if (digestOf(bytes) !== digest) throw this.invalid(`${digest} has other bytes: ${digestOf(bytes)}`);
    if (bytes.length !== size) throw this.invalid(`${digest} has ${bytes.length} bytes, not ${size}`);
    this.#store.blobs.write(mediaType, bytes);
  }

  /** Takes the layers of a config. Throws IMAGE_INVALID when their number is not the config's. */
  async layers(configBytes: Buffer, sources: readonly Omit<WantedLayer, 'diffId'>[]): Promise<readonly LayerRecord[]> {
    const { rootfs } = parseConfig(configBytes, `the image config ${digestOf(configBytes)}`);
    if (rootfs.diff_ids.length !== sources.length) throw this.invalid(`there are ${sources.length} layers but ${rootfs.diff_ids.length} DiffIDs`);
    if (this.#store.readonly) return this.#present(sources);
    const records: LayerRecord[] = [];
    for (const [at, source] of sources.entries()) records.push(await this.#once({ ...source, diffId: rootfs.diff_ids[at] as Digest }));
    return records;
  }

  /** Where nothing may be kept, layers need only be there: whoever reads them verifies them. */
  #present(sources: readonly Omit<WantedLayer, 'diffId'>[]): readonly LayerRecord[] {
    for (const { path, descriptor } of sources) {
      const found = this.#files.size(path);
      if (found === undefined) throw this.invalid(`the layer ${path} is missing`);
      if (descriptor !== undefined && found !== descriptor.size) throw this.invalid(`the layer ${path} has ${found} bytes, not ${descriptor.size}`);
    }
    return [];
  }

  async #once(wanted: WantedLayer): Promise<LayerRecord> {
    const key = `${wanted.diffId} ${wanted.path}`;
    const record = this.#taken.get(key) ?? (await this.#layer(wanted));
    this.#taken.set(key, record);
    return record;
  }

  /** Takes one layer, compressed or not. Its DiffID is verified here, by decompressing it, and again whenever it is unpacked. */
  async #layer(wanted: WantedLayer): Promise<LayerRecord> {
    const known = this.#store.layers.get(wanted.diffId);
    // What a record says was verified when it was made.
    if (wanted.descriptor !== undefined && known?.blob?.digest === wanted.descriptor.digest && this.#store.blobs.has(known.blob.digest, wanted.descriptor.size)) return known;
    const blob = await this.#ingest(wanted);
    if (blob.digest === wanted.diffId) return { diffId: blob.digest, size: blob.size, blob: { ...blob, mediaType: MEDIA_TYPES.layer } };
    const { diffId, size } = await this.#measure(blob);
    if (diffId !== wanted.diffId) throw this.invalid(`the layer ${wanted.path} should have the DiffID ${wanted.diffId} but has ${diffId}`);
    return { diffId, size, blob: { ...blob, mediaType: this.#compressedType(blob) } };
  }

  invalid(what: string): OperatorError {
    return invalidImage(this.#files.shown, what);
  }

  async #ingest({ path, descriptor }: WantedLayer): Promise<Descriptor> {
    const { digest, size } = descriptor ?? {};
    if (descriptor !== undefined && this.#store.blobs.has(descriptor.digest, size)) return descriptor;
    const found = this.#files.size(path);
    if (found === undefined) throw this.invalid(`the layer ${path} is missing`);
    if (size !== undefined && found !== size) throw this.invalid(`the layer ${path} has ${found} bytes, not ${size}`);
    try {
      return await this.#store.blobs.ingest(untilAborted(this.#files.open(path), this.#signal), { size: found, ...(digest === undefined ? {} : { digest }) });
    } catch (error) {
      if (error instanceof OperatorError && error.code === 'DIGEST_MISMATCH') throw invalidImage(this.#files.shown, error.message, error);
      throw error;
    }
  }

  /** By its bytes: media types lie, and Docker's archives have none. */
  #compressedType({ digest }: Descriptor): string {
    const compression = compressionOf(readHead(this.#store.blobs.path(digest)));
    if (compression === 'gzip') return MEDIA_TYPES.layerGzip;
    if (compression === 'zstd') return MEDIA_TYPES.layerZstd;
    throw this.invalid(`the layer ${digest} is compressed in a way that no image may have (${compression})`);
  }

  async #measure(blob: Descriptor): Promise<{ diffId: Digest; size: number }> {
    const hash = createHash('sha256');
    let size = 0;
    const shown = `the layer ${blob.digest}`;
    const plain = decompressed(untilAborted(this.#store.blobs.open(blob.digest), this.#signal), shown);
    for await (const chunk of limitExpansion(plain, { packed: blob.size, shown })) {
      hash.update(chunk);
      size += chunk.length;
    }
    return { diffId: `sha256:${hash.digest('hex')}`, size };
  }
}

function readHead(file: string): Buffer {
  const fd = openSync(file, 'r');
  try {
    const head = Buffer.alloc(MAGIC_BYTES);
    return head.subarray(0, readSync(fd, head));
  } finally {
    closeSync(fd);
  }
}
