import { InternalError, OperatorError, type Digest, type Image, type Layer, type SnapshotReference, type SourceOp } from '@strake/api';
import { findImage, hostPlatform, readImage, type Lease, type Store } from '@strake/oci';
import { chainDigest } from './chain-digest';
import type { WorkerPool } from './worker/pool';
import type { StoredLayer } from './worker/protocol';

/** The chain ID of an image's layers. */
export function chainDigestOf({ config }: Image): Digest {
  return chainDigest(config.rootfs.diff_ids);
}

/** What base images are unpacked with. */
export interface BaseParts {
  readonly store: Store;
  readonly pool: WorkerPool;
  /** Absent where nothing will be unpacked. */
  readonly lease?: Lease;
  readonly signal: AbortSignal;
}

const PREFIX = 'chain:';

/** Base images: named by their chain ID until a mounted tree is needed, then unpacked layer by layer, each chain once. */
export class Bases {
  private readonly parts: BaseParts;
  private readonly images = new Map<string, Image>();
  private readonly unpacking = new Map<Digest, Promise<string>>();

  constructor(parts: BaseParts) {
    this.parts = parts;
  }

  /** Reads the image that a source names. Throws IMAGE_MISSING, UNSUPPORTED. */
  find(op: SourceOp): Image {
    if (op.scheme !== 'image') throw new OperatorError('UNSUPPORTED', `sources of the scheme "${op.scheme}" cannot be used with the embedded backend`);
    const { store } = this.parts;
    const image = readImage(store, findImage(store, op.reference).manifest, op.platform ?? hostPlatform(), op.reference);
    this.images.set(chainDigestOf(image), image);
    return image;
  }

  /** A reference that stands for the unpacked image. */
  refer(op: SourceOp): SnapshotReference {
    return { id: PREFIX + chainDigestOf(this.find(op)) };
  }

  isBase({ id }: SnapshotReference): boolean {
    return this.images.has(id.slice(PREFIX.length));
  }

  /** The layers of a reference made by `refer`; undefined for other snapshots. */
  layersOf({ id }: SnapshotReference): readonly Layer[] | undefined {
    if (!id.startsWith(PREFIX)) return undefined;
    return this.image(id).layers;
  }

  /** The id of the store's snapshot: of a base image after unpacking what is missing; null for an image without layers. */
  async unpacked({ id }: SnapshotReference): Promise<string | null> {
    if (!id.startsWith(PREFIX)) return id;
    const { layers } = this.image(id);
    const diffIds = layers.map(({ diffId }) => diffId);
    let below: string | null = null;
    for (const [index, layer] of layers.entries()) {
      below = await this.unpackOnce(chainDigest(diffIds.slice(0, index + 1)), below, layer);
    }
    return below;
  }

  private image(id: string): Image {
    const image = this.images.get(id.slice(PREFIX.length));
    if (image === undefined) throw new OperatorError('IMAGE_MISSING', `the base image ${id} is not in the store any more`);
    return image;
  }

  /** Where the bytes of a layer are: in a blob, or in a snapshot of another build that packs to it. */
  private stored({ descriptor, diffId }: Layer): StoredLayer {
    const { blobs, layers, snapshots } = this.parts.store;
    if (blobs.has(descriptor.digest)) return { kind: 'blob', path: blobs.path(descriptor.digest), mediaType: descriptor.mediaType };
    const { blob, snapshot } = layers.get(diffId) ?? {};
    if (blob !== undefined && blobs.has(blob.digest)) return { kind: 'blob', path: blobs.path(blob.digest), mediaType: blob.mediaType };
    if (snapshot !== undefined && snapshots.get(snapshot) !== undefined) return { kind: 'snapshot', directory: snapshots.directory(snapshot) };
    throw new OperatorError('STORE_INVALID', `the layer ${diffId} of a base image is not in the store any more`, { hint: 'Load or build that image again.' });
  }

  private unpackOnce(chain: Digest, below: string | null, layer: Layer): Promise<string> {
    const known = this.parts.store.chains.get(chain)?.snapshot;
    if (known !== undefined && this.parts.store.snapshots.has(known)) return Promise.resolve(known);
    const running = this.unpacking.get(chain) ?? this.unpack(chain, below, layer).finally(() => this.unpacking.delete(chain));
    this.unpacking.set(chain, running);
    return running;
  }

  /** Another build may do the same at this time: both are complete, and the one that was recorded first is used. */
  private async unpack(chain: Digest, below: string | null, layer: Layer): Promise<string> {
    const { store, pool, lease, signal } = this.parts;
    if (lease === undefined) throw new InternalError('a session without a lease unpacks nothing');
    const snapshot = store.snapshots.begin(lease, below);
    try {
      const diff = await pool.request({ type: 'unpack', layer: this.stored(layer), diffId: layer.diffId, directory: snapshot.directory }, { signal });
      snapshot.commit(diff);
    } catch (error) {
      snapshot.abort();
      throw error;
    }
    const first = store.chains.get(chain)?.snapshot;
    if (first !== undefined && store.snapshots.has(first)) {
      store.snapshots.delete(snapshot.id);
      return first;
    }
    store.chains.set(chain, { snapshot: snapshot.id });
    return snapshot.id;
  }
}
