import { OperatorError, type Descriptor, type Digest, type Layer, type Platform, type SnapshotReference, type SourceOp } from '@strake/api';
import type { Lease, Store } from '@strake/oci';
import { chainId } from './image/chain-id';
import { findImage } from './image/find-image';
import { readImage, type StoredImage } from './image/stored-image';
import type { WorkerPool } from './worker/pool';

/** What base images are unpacked with. */
export interface BaseParts {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

const PREFIX = 'chain:';

/** Base images: named by their chain ID until a mounted tree is needed, then unpacked layer by layer, each chain once. */
export class Bases {
  private readonly parts: BaseParts;
  private readonly images = new Map<string, StoredImage>();
  private readonly unpacking = new Map<Digest, Promise<string>>();

  constructor(parts: BaseParts) {
    this.parts = parts;
  }

  /** Reads the image that a source names. Throws IMAGE_MISSING, UNSUPPORTED. */
  find(op: SourceOp): StoredImage {
    if (op.scheme !== 'image') throw new OperatorError('UNSUPPORTED', `sources of the scheme "${op.scheme}" cannot be used with the embedded backend`);
    const { store } = this.parts;
    const image = readImage(store, findImage(store, op.reference), op.platform ?? MACHINE, op.reference);
    this.images.set(chainId(image.config.rootfs.diff_ids), image);
    return image;
  }

  /** A reference that stands for the unpacked image. */
  refer(op: SourceOp): SnapshotReference {
    return { id: PREFIX + chainId(this.find(op).config.rootfs.diff_ids) };
  }

  isBase({ id }: SnapshotReference): boolean {
    return this.images.has(id.slice(PREFIX.length));
  }

  /** The layers of a reference made by `refer`; undefined for other snapshots. */
  layersOf({ id }: SnapshotReference): readonly Layer[] | undefined {
    if (!id.startsWith(PREFIX)) return undefined;
    const { config, layers } = this.image(id);
    return config.rootfs.diff_ids.map((diffId, index) => this.layer(diffId, layers[index]));
  }

  /** The id of the store's snapshot: of a base image after unpacking what is missing; null for an image without layers. */
  async unpacked({ id }: SnapshotReference): Promise<string | null> {
    if (!id.startsWith(PREFIX)) return id;
    const { config, layers } = this.image(id);
    let below: string | null = null;
    for (const [index, diffId] of config.rootfs.diff_ids.entries()) {
      const chain = chainId(config.rootfs.diff_ids.slice(0, index + 1));
      below = await this.unpackOnce(chain, below, this.layer(diffId, layers[index]));
    }
    return below;
  }

  private image(id: string): StoredImage {
    const image = this.images.get(id.slice(PREFIX.length));
    if (image === undefined) throw new OperatorError('IMAGE_MISSING', `the base image ${id} is not in the store any more`);
    return image;
  }

  private layer(diffId: Digest, descriptor: Descriptor | undefined): Layer {
    const { store } = this.parts;
    const stored = store.layers.get(diffId)?.blob ?? descriptor;
    if (stored === undefined) throw new OperatorError('IMAGE_INVALID', `an image names the layer ${diffId} but has no blob for it`);
    return { descriptor: stored, diffId, open: () => store.blobs.open(stored.digest) };
  }

  private unpackOnce(chain: Digest, below: string | null, layer: Layer): Promise<string> {
    const known = this.parts.store.chains.get(chain)?.snapshot;
    if (known !== undefined && this.parts.store.snapshots.has(known)) return Promise.resolve(known);
    const running = this.unpacking.get(chain) ?? this.unpack(chain, below, layer).finally(() => this.unpacking.delete(chain));
    this.unpacking.set(chain, running);
    return running;
  }

  /** Another build may do the same at this time: both are complete, and the later record wins. */
  private async unpack(chain: Digest, below: string | null, { descriptor, diffId }: Layer): Promise<string> {
    const { store, pool, lease, signal } = this.parts;
    const snapshot = store.snapshots.begin(lease, below);
    try {
      const blob = store.blobs.path(descriptor.digest);
      await pool.request({ type: 'unpack', blob, mediaType: descriptor.mediaType, diffId, directory: snapshot.directory }, { signal });
      snapshot.commit({ diffId, size: store.layers.get(diffId)?.size ?? descriptor.size });
    } catch (error) {
      snapshot.abort();
      throw error;
    }
    store.chains.set(chain, { snapshot: snapshot.id });
    return snapshot.id;
  }
}

/** The platform of this machine, in Go's names. */
export const MACHINE: Platform = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };
