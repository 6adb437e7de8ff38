import { InternalError, OperatorError, type Digest, type Image, type Layer, type RestoredLayer, type SnapshotReference, type SourceOp } from '@strake/api';
import { findImage, hostPlatform, readImage, type Lease, type Store } from '@strake/oci';
import { chainDigest } from './chain-digest';
import { chainOf, referTo, Stacks, type DatedLayer } from './stacks';
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

/** Milliseconds between two tellings of progress. */
const TELL_EVERY = 250;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

/** Base images, and states from caches outside the store: named by their chain ID until a mounted tree is needed, then unpacked layer by layer, each chain once. */
export class Bases {
  private readonly parts: BaseParts;
  private readonly stacks: Stacks;
  private readonly unpacking = new Map<Digest, Promise<string>>();

  constructor(parts: BaseParts) {
    this.parts = parts;
    this.stacks = new Stacks(parts.store);
  }

  /** Reads the image that a source names. Throws IMAGE_MISSING, UNSUPPORTED. */
  find(op: SourceOp): Image {
    if (op.scheme !== 'image') throw new OperatorError('UNSUPPORTED', `sources of the scheme "${op.scheme}" cannot be used with the embedded backend`);
    const { store } = this.parts;
    const image = readImage(store, findImage(store, op.reference).manifest, op.platform ?? hostPlatform(), op.reference);
    this.stacks.addBase(image);
    return image;
  }

  /** A reference that stands for the unpacked image. */
  refer(op: SourceOp): SnapshotReference {
    return referTo(chainDigestOf(this.find(op)));
  }

  /** A reference to a state of layers that need not be here; undefined where one is nowhere. */
  restore(layers: readonly RestoredLayer[]): SnapshotReference | undefined {
    const chain = this.stacks.add(layers);
    return chain && this.settled(referTo(chain));
  }

  /** The snapshot in place of a stack that was unpacked, but for base images. */
  settled(reference: SnapshotReference): SnapshotReference {
    const chain = chainOf(reference);
    const id = chain === undefined || this.stacks.isBase(chain) ? undefined : this.stacks.unpacked(chain);
    return id === undefined ? reference : { id };
  }

  /** The snapshot with a state's tree, of base images too; undefined where it was never unpacked. */
  present(reference: SnapshotReference): SnapshotReference | undefined {
    const chain = chainOf(reference);
    if (chain === undefined) return reference;
    const id = this.stacks.unpacked(chain);
    return id === undefined ? undefined : { id };
  }

  /** Whether it is a stack of layers that are here, or can be brought. */
  isStack(reference: SnapshotReference): boolean {
    const chain = chainOf(reference);
    return chain !== undefined && this.stacks.isThere(chain);
  }

  /** The layers of a stack; undefined for snapshots. */
  layersOf(reference: SnapshotReference): readonly DatedLayer[] | undefined {
    const chain = chainOf(reference);
    return chain && this.stack(chain);
  }

  /** The id of the store's snapshot: of a base image after unpacking what is missing; null for an image without layers. */
  async unpacked(reference: SnapshotReference, progress: PullProgress = () => undefined): Promise<string | null> {
    const top = chainOf(reference);
    if (top === undefined) return reference.id;
    const stack = this.stack(top);
    const layers = stack.map(({ layer }) => layer);
    const diffIds = layers.map(({ diffId }) => diffId);
    const chains = layers.map((_, index) => chainDigest(diffIds.slice(0, index + 1)));
    const stored = this.bringAll(layers.filter((_, index) => !this.isUnpacked(chains[index] as Digest)), progress);
    let below: string | null = null;
    for (const [index, dated] of stack.entries()) below = await this.unpackOnce(chains[index] as Digest, below, dated, stored);
    return below;
  }

  private stack(chain: Digest): readonly DatedLayer[] {
    const stack = this.stacks.get(chain);
    if (stack === undefined) throw new OperatorError('IMAGE_MISSING', `the layers of ${chain} are not in the store any more`);
    return stack;
  }

  /** Where the bytes of a layer are: in a blob, or in a snapshot of another build that packs to it. */
  private async stored({ descriptor, diffId }: Layer, progress: BringProgress): Promise<StoredLayer> {
    const { blobs, layers, snapshots, remote } = this.parts.store;
    if (blobs.has(descriptor.digest)) return { kind: 'blob', path: blobs.path(descriptor.digest), mediaType: descriptor.mediaType };
    const { blob, snapshot, epoch } = layers.get(diffId) ?? {};
    if (blob !== undefined && blobs.has(blob.digest)) return { kind: 'blob', path: blobs.path(blob.digest), mediaType: blob.mediaType };
    if (snapshot !== undefined && snapshots.get(snapshot) !== undefined) return { kind: 'snapshot', directory: snapshots.directory(snapshot), epoch };
    if (remote.reachable(descriptor.digest)) {
      await remote.bring(descriptor, { signal: this.parts.signal, unpacks: true, progress });
      return { kind: 'blob', path: blobs.path(descriptor.digest), mediaType: descriptor.mediaType };
    }
    throw new OperatorError('STORE_INVALID', `the layer ${diffId} of a base image is not in the store any more`, { hint: 'Load or build that image again.' });
  }

  /** All layers that are not here are on their way at the same time; each is unpacked when its turn has come. */
  private bringAll(layers: readonly Layer[], progress: PullProgress): ReadonlyMap<Layer, Promise<StoredLayer>> {
    const counts = new Map<Layer, number>(layers.filter((layer) => this.isElsewhere(layer)).map((layer) => [layer, 0]));
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

  /** Whether its bytes must come from a registry. */
  private isElsewhere({ descriptor, diffId }: Layer): boolean {
    const { blobs, layers, snapshots, remote } = this.parts.store;
    const { blob, snapshot } = layers.get(diffId) ?? {};
    const isHere = blobs.has(descriptor.digest) || (blob !== undefined && blobs.has(blob.digest)) || (snapshot !== undefined && snapshots.get(snapshot) !== undefined);
    return !isHere && remote.reachable(descriptor.digest);
  }

  private isUnpacked(chain: Digest): boolean {
    return this.stacks.unpacked(chain) !== undefined;
  }

  private unpackOnce(chain: Digest, below: string | null, layer: DatedLayer, stored: ReadonlyMap<Layer, Promise<StoredLayer>>): Promise<string> {
    const known = this.stacks.unpacked(chain);
    if (known !== undefined) return Promise.resolve(known);
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
  private async unpack(chain: Digest, below: string | null, { layer, created }: DatedLayer, places: ReadonlyMap<Layer, Promise<StoredLayer>>): Promise<string> {
    const { store, pool, lease, signal } = this.parts;
    if (lease === undefined) throw new InternalError('a session without a lease unpacks nothing');
    const stored = await (places.get(layer) ?? this.stored(layer, () => undefined)).catch((error: unknown) => {
      this.stacks.lose(chain, layer, error);
      throw error;
    });
    const snapshot = store.snapshots.begin(lease, below);
    try {
      const diff = await pool.request({ type: 'unpack', layer: stored, diffId: layer.diffId, directory: snapshot.directory }, { signal });
      snapshot.commit({ ...diff, ...(created === undefined ? {} : { created }) });
      this.remember(layer, diff);
    } catch (error) {
      snapshot.abort();
      this.stacks.lose(chain, layer, error);
      throw error;
    }
    const first = this.stacks.unpacked(chain);
    if (first !== undefined) {
      store.snapshots.delete(snapshot.id);
      return first;
    }
    store.chains.set(chain, { ...store.chains.get(chain), snapshot: snapshot.id });
    return snapshot.id;
  }
}
