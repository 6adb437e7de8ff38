import type { Image, Layer, Platform, SnapshotReference } from '@strake/api';
import type { Tree, TreeEntry } from '../tree/tree-entry';
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
  /** Of RUN --mount=type=cache, by id. */
  private readonly caches = new Map<string, Map<string, TreeEntry>>();
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

  /** The files of a cache, which programs change in place. */
  async cache(id: string, make: () => Promise<Map<string, TreeEntry>>): Promise<Map<string, TreeEntry>> {
    const tree = this.caches.get(id) ?? (await make());
    this.caches.set(id, tree);
    return tree;
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
