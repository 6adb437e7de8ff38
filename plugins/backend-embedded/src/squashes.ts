import { join } from 'node:path';
import type { SnapshotReference, Squash } from '@strake/api';
import type { Lease, Store } from '@strake/oci';
import type { WorkerPool } from './worker/pool';

/** What squashing needs. */
export interface SquashParts {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly lease: Lease;
  readonly signal: AbortSignal;
}

/** Makes one layer of several, once for each state: a build that is all cached gives the same image again. */
export class Squashes {
  private readonly parts: SquashParts;

  constructor(parts: SquashParts) {
    this.parts = parts;
  }

  /** A snapshot of the same tree with one layer above those of the base; undefined where there is no layer above them. `work` is a path for a private directory. */
  async of(root: SnapshotReference, { baseLayers }: Squash, work: string): Promise<SnapshotReference | undefined> {
    const { store: { snapshots } } = this.parts;
    // An unpacked base is named by its chain.
    if (snapshots.get(root.id) === undefined) return undefined;
    const chain = snapshots.chain(root.id);
    const above = chain.slice(0, chain.length - baseLayers.length);
    if (above.length === 0) return undefined;
    const known = snapshots.get(root.id)?.squashed?.[baseLayers.length];
    if (known !== undefined && snapshots.has(known)) return { id: known };
    const id = await this.merge(above, chain[above.length] ?? null, work);
    snapshots.setSquashed(root.id, baseLayers.length, id);
    return { id };
  }

  /** A snapshot on `below` with all that those of `above`, top first, change together; `from` is what they stand on. */
  async merge(above: readonly string[], below: string | null, work: string, from = below): Promise<string> {
    const { store: { snapshots, root }, pool, lease, signal } = this.parts;
    const snapshot = snapshots.begin(lease, below);
    const sources = [...new Set(above.map((id) => snapshots.directory(id)))];
    const base = { folder: join(root, 'snapshots'), ids: from === null ? [] : snapshots.directories(from) };
    try {
      await pool.request({ type: 'squash', sources, base, work, directory: snapshot.directory }, { signal });
      snapshot.commit();
      return snapshot.id;
    } catch (error) {
      snapshot.abort();
      throw error;
    }
  }
}
