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

/** Bytes of all layers that are on their way, and how many there will be. */
export type PullProgress = (current: number, total: number) => void;

type BringProgress = (current: number) => void;

const PREFIX = 'chain:';
/** Milliseconds between two tellings of progress. */
const TELL_EVERY = 250;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

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
  async unpacked({ id }: SnapshotReference, progress: PullProgress = () => undefined): Promise<string | null> {
    if (!id.startsWith(PREFIX)) return id;
    const { layers } = this.image(id);
    const diffIds = layers.map(({ diffId }) => diffId);
    const chains = layers.map((_, index) => chainDigest(diffIds.slice(0, index + 1)));
    const stored = this.bringAll(layers.filter((_, index) => !this.isUnpacked(chains[index] as Digest)), progress);
    let below: string | null = null;
    for (const [index, layer] of layers.entries()) below = await this.unpackOnce(chains[index] as Digest, below, layer, stored);
    return below;
  }

  private image(id: string): Image {
    const image = this.images.get(id.slice(PREFIX.length));
    if (image === undefined) throw new OperatorError('IMAGE_MISSING', `the base image ${id} is not in the store any more`);
    return image;
  }

  /** Where the bytes of a layer are: in a blob, or in a snapshot of another build that packs to it. */
  private async stored({ descriptor, diffId }: Layer, progress: BringProgress): Promise<StoredLayer> {
    const { blobs, layers, snapshots, remote } = this.parts.store;
    if (blobs.has(descriptor.digest)) return { kind: 'blob', path: blobs.path(descriptor.digest), mediaType: descriptor.mediaType };
    const { blob, snapshot, epoch } = layers.get(diffId) ?? {};
    if (blob !== undefined && blobs.has(blob.digest)) return { kind: 'blob', path: blobs.path(blob.digest), mediaType: blob.mediaType };
    if (snapshot !== undefined && snapshots.get(snapshot) !== undefined) return { kind: 'snapshot', directory: snapshots.directory(snapshot), epoch };
    if (remote.reachable(descriptor.digest)) {
      await remote.bring(descriptor, { signal: this.parts.signal, progress });
      return { kind: 'blob', path: blobs.path(descriptor.digest), mediaType: descriptor.mediaType };
    }
    throw new OperatorError('STORE_INVALID', `the layer ${diffId} of a base image is not in the store any more`, { hint: 'Load or build that image again.' });
  }

  /** All layers that are not here are on their way at the same time; each is unpacked when its turn has come. */
  private bringAll(layers: readonly Layer[], progress: PullProgress): ReadonlyMap<Layer, Promise<StoredLayer>> {
    const counts = new Map<Layer, number>();
    let told = 0;
    const stored = layers.map((layer) => {
      const count = (current: number): void => {
        counts.set(layer, current);
        if (current < layer.descriptor.size && performance.now() - told < TELL_EVERY) return;
        told = performance.now();
        progress(sum([...counts.values()]), sum([...counts.keys()].map(({ descriptor }) => descriptor.size)));
      };
      const place = this.stored(layer, count);
      place.catch(() => undefined);
      return [layer, place] as const;
    });
    return new Map(stored);
  }

  private isUnpacked(chain: Digest): boolean {
    const known = this.parts.store.chains.get(chain)?.snapshot;
    return known !== undefined && this.parts.store.snapshots.has(known);
  }

  private unpackOnce(chain: Digest, below: string | null, layer: Layer, stored: ReadonlyMap<Layer, Promise<StoredLayer>>): Promise<string> {
    const known = this.parts.store.chains.get(chain)?.snapshot;
    if (known !== undefined && this.parts.store.snapshots.has(known)) return Promise.resolve(known);
    const running = this.unpacking.get(chain) ?? this.unpack(chain, below, layer, stored).finally(() => this.unpacking.delete(chain));
    this.unpacking.set(chain, running);
    return running;
  }

  /** An image that is built on this one has the layer in the form in which it came. */
  private remember({ descriptor, diffId }: Layer, diff: { readonly diffId: Digest; readonly size: number }): void {
    const { layers, blobs } = this.parts.store;
    const known = layers.get(diffId);
    if (known?.blob !== undefined || !blobs.has(descriptor.digest)) return;
    const { mediaType, digest, size } = descriptor;
    layers.set(diffId, { ...known, ...diff, blob: { mediaType, digest, size } });
  }

  /** Another build may do the same at this time: both are complete, and the one that was recorded first is used. */
  private async unpack(chain: Digest, below: string | null, layer: Layer, places: ReadonlyMap<Layer, Promise<StoredLayer>>): Promise<string> {
    const { store, pool, lease, signal } = this.parts;
    if (lease === undefined) throw new InternalError('a session without a lease unpacks nothing');
    const stored = await (places.get(layer) ?? this.stored(layer, () => undefined));
    const snapshot = store.snapshots.begin(lease, below);
    try {
      const diff = await pool.request({ type: 'unpack', layer: stored, diffId: layer.diffId, directory: snapshot.directory }, { signal });
      snapshot.commit(diff);
      this.remember(layer, diff);
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
