import type { Image, Layer, Platform, SnapshotReference } from '@strake/api';
import type { Tree } from '../tree/tree-entry';
import type { MemoryProgram } from './memory-backend';

/** A file system state: its tree, and the layers that give it. */
export interface MemorySnapshot {
  readonly tree: Tree;
  readonly layers: readonly Layer[];
  /** Of the vertex that gave it. */
  readonly name?: string;
}

/** What the sessions of one backend in memory share. */
export class MemoryState {
  readonly snapshots = new Map<string, MemorySnapshot>();
  readonly applied: string[] = [];
  most = 0;
  running = 0;
  private number = 0;

  constructor(
    readonly programs: Readonly<Record<string, MemoryProgram>>,
    readonly context: Map<string, string>,
    /** Throws IMAGE_MISSING. */
    readonly image: (reference: string, platform: Platform) => Image,
  ) {}

  keep(snapshot: MemorySnapshot): SnapshotReference {
    const id = `memory-${(this.number += 1)}`;
    this.snapshots.set(id, snapshot);
    return { id };
  }

  forget(names: readonly string[]): void {
    for (const [id, { name = '' }] of this.snapshots) if (names.length === 0 || names.includes(name)) this.snapshots.delete(id);
  }

  /** Throws a RangeError for what was never made here. */
  snapshot({ id }: SnapshotReference): MemorySnapshot {
    const found = this.snapshots.get(id);
    if (found === undefined) throw new RangeError(`there is no snapshot ${id}`);
    return found;
  }
}
