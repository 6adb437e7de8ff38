import { OperatorError, type Clamp, type Digest, type Layer, type SnapshotReference } from '@strake/api';
import { MEDIA_TYPES, openLayer, type Store } from '@strake/oci';
import { chainDigest } from './chain-digest';
import type { Bases } from './bases';
import type { DatedLayer } from './stacks';
import type { WorkerPool } from './worker/pool';
import type { Diff } from './worker/protocol';

/** Learns what the layers of snapshots are, while later steps already run. */
export class Layers {
  private readonly parts: { readonly store: Store; readonly pool: WorkerPool; readonly bases: Bases };
  private readonly packing = new Map<string, Promise<Diff>>();

  constructor(parts: Layers['parts']) {
    this.parts = parts;
  }

  /** Starts packing a snapshot that was just made. A failure comes out of `of`. */
  pack(id: string, epoch?: number): void {
    this.diff(id, epoch).catch(() => undefined);
  }

  /** The layers of a snapshot and all below it, lowest first; those above the base with no later time than the epoch. */
  async of(root: SnapshotReference, clamp?: Clamp): Promise<readonly DatedLayer[]> {
    const stack = this.parts.bases.layersOf(this.parts.bases.settled(root));
    // What a cache told of has the times that its files came with: it is packed anew where an epoch bounds them.
    if (stack !== undefined && (clamp === undefined || stack.length <= clamp.baseLayers.length)) return stack;
    const ids = [...this.parts.store.snapshots.chain((await this.parts.bases.unpacked(root)) ?? root.id)].reverse();
    const layers = await Promise.all(ids.map(async (id, at) => ({ layer: await this.layer(id, clamp !== undefined && at >= clamp.baseLayers.length ? clamp.epoch : undefined), created: this.parts.store.snapshots.get(id)?.created })));
    // The files of a snapshot keep their own times: it is not what a layer with others unpacks to.
    if (clamp === undefined) this.rememberChains(ids, layers.map(({ layer }) => layer.diffId));
    return layers;
  }

  /** So that a build on this image finds its snapshots, and unpacks nothing. */
  private rememberChains(ids: readonly string[], diffIds: readonly Digest[]): void {
    const { chains, snapshots } = this.parts.store;
    for (const [index, id] of ids.entries()) {
      const chain = chainDigest(diffIds.slice(0, index + 1));
      const known = chains.get(chain)?.snapshot;
      if (known === undefined || !snapshots.has(known)) chains.set(chain, { ...chains.get(chain), snapshot: id });
    }
  }

  /** Waits for all packing. */
  async settle(): Promise<void> {
    await Promise.allSettled(this.packing.values());
  }

  private async layer(id: string, epoch: number | undefined): Promise<Layer> {
    const { store } = this.parts;
    const { diffId, size } = await this.diff(id, epoch);
    const { blob } = store.layers.get(diffId) ?? {};
    const kept = blob !== undefined && store.blobs.has(blob.digest);
    return openLayer(store, kept ? blob : { mediaType: MEDIA_TYPES.layer, digest: diffId, size }, diffId);
  }

  private diff(id: string, epoch: number | undefined): Promise<Diff> {
    const key = `${id} ${epoch ?? ''}`;
    const running = this.packing.get(key) ?? (epoch === undefined ? this.learn(id) : this.learnClamped(id, epoch)).finally(() => this.packing.delete(key));
    this.packing.set(key, running);
    return running;
  }

  private async learn(id: string): Promise<Diff> {
    const { store, pool } = this.parts;
    const record = store.snapshots.get(id);
    if (record === undefined) throw new OperatorError('STORE_INVALID', `the snapshot ${id} is not in the store`);
    if (record.diffId !== undefined && record.size !== undefined) return { diffId: record.diffId, size: record.size };
    if (record.of !== undefined) return this.diff(record.of, undefined);
    const packed = await pool.request({ type: 'pack', directory: store.snapshots.directory(id) });
    store.snapshots.setDiff(id, packed);
    const diff = { diffId: packed.diffId, size: packed.size };
    store.layers.set(diff.diffId, { ...store.layers.get(diff.diffId), ...diff, snapshot: id });
    return diff;
  }

  private async learnClamped(id: string, epoch: number): Promise<Diff> {
    const { store, pool } = this.parts;
    const known = store.snapshots.clampedDiff(id, epoch);
    if (known !== undefined) return known;
    const { of: linked } = store.snapshots.get(id) ?? {};
    if (linked !== undefined) return this.diff(linked, epoch);
    const packed = await pool.request({ type: 'pack', directory: store.snapshots.directory(id), epoch });
    store.snapshots.setClampedDiff(id, epoch, packed);
    const diff = { diffId: packed.diffId, size: packed.size };
    const record = store.layers.get(diff.diffId);
    // A layer that is the same without the epoch stays as it is known.
    if (record?.snapshot === undefined || !store.snapshots.has(record.snapshot)) store.layers.set(diff.diffId, { ...record, ...diff, snapshot: id, epoch });
    return diff;
  }
}
