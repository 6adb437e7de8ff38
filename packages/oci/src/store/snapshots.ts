import type { Digest } from '@strake/api';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYER_FORMAT } from '../layer/layer-format';
import type { PackedLayer } from '../layer/pack-layer';
import type { Lease } from './lease';
import { randomId } from './random-id';
import { invalidStore, withStoreErrors } from './store-errors';
import type { StoreFiles } from './store-files';

/** What is known of a snapshot. */
export interface SnapshotRecord {
  readonly id: string;
  /** The snapshot below; null for the lowest. */
  readonly parent: string | null;
  /** The snapshot whose differences these are as well, on another parent: it has no directory of its own. */
  readonly of?: string;
  /** RFC 3339: when it was complete. */
  readonly created?: string;
  /** Of its packed layer, once it is known. */
  readonly diffId?: Digest;
  /** Bytes of the packed layer. */
  readonly size?: number;
  /** As `PackedLayer` has it; absent where nobody knows. */
  readonly plain?: boolean;
  /** The layers that it packs to with a SOURCE_DATE_EPOCH, by that and the layer format. */
  readonly clamped?: Readonly<Record<string, LayerDiff>>;
  /** Snapshots that show the same tree with one layer in place of several, by how many layers are below that one. */
  readonly squashed?: Readonly<Record<number, string>>;
}

/** What a snapshot's layer is. */
export interface LayerDiff {
  readonly diffId: Digest;
  /** Bytes of the tar. */
  readonly size: number;
}

/** A snapshot that is being made; in the store only after `commit`. */
export interface UnfinishedSnapshot {
  readonly id: string;
  /** The upper directory to fill. */
  readonly directory: string;
  /** Puts it into the store, complete, at once; with `diff` where it was unpacked from a layer, and `created` where its step was made elsewhere. */
  commit(diff?: LayerDiff & { readonly created?: string }): void;
  abort(): void;
}

/** As it is on disk; `format` where the layer was packed here, none where it was unpacked from a blob. `plainIn` is the format in which it is plain. */
type StoredSnapshot = Omit<SnapshotRecord, 'plain'> & { readonly format?: number; readonly plainIn?: number };

const ID = /^[a-z2-7]{16}$/;

/** File-system states: directories of overlay differences, each on a parent. */
export class Snapshots {
  readonly #files: StoreFiles;

  constructor(files: StoreFiles) {
    this.#files = files;
  }

  /** Starts a snapshot on a parent (null: on nothing) in the lease's folder. */
  begin(lease: Pick<Lease, 'directory'>, parent: string | null): UnfinishedSnapshot {
    this.#files.assertWritable();
    const id = randomId();
    const folder = join(lease.directory, id);
    const directory = join(folder, 'fs');
    withStoreErrors(this.#files.root, () => mkdirSync(directory, { recursive: true, mode: 0o755 }));
    return {
      id,
      directory,
      commit: (diff) =>
        withStoreErrors(this.#files.root, () => {
          const record: SnapshotRecord = { id, parent, created: new Date().toISOString(), ...diff };
          writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(record)}\n`, { mode: 0o600 });
          renameSync(folder, this.#files.path('snapshots', id));
        }),
      abort: () => withStoreErrors(this.#files.root, () => rmSync(folder, { recursive: true, force: true })),
    };
  }

  /** Puts the differences of a snapshot on another parent: nothing is copied, and the two are one layer. Answers the new one's ID. */
  place(lease: Pick<Lease, 'directory'>, of: string, parent: string | null): string {
    this.#files.assertWritable();
    const id = randomId();
    const folder = join(lease.directory, id);
    const { of: origin = of } = this.#known(of);
    return withStoreErrors(this.#files.root, () => {
      mkdirSync(folder, { recursive: true, mode: 0o755 });
      const record: SnapshotRecord = { id, parent, of: origin, created: new Date().toISOString() };
      writeFileSync(join(folder, 'meta.json'), `${JSON.stringify(record)}\n`, { mode: 0o600 });
      renameSync(folder, this.#files.path('snapshots', id));
      return id;
    });
  }

  get(id: string): SnapshotRecord | undefined {
    const stored = ID.test(id) ? this.#files.readRecord<StoredSnapshot>('snapshots', id, 'meta.json') : undefined;
    if (stored === undefined) return undefined;
    if (stored.of !== undefined) return this.#placed(stored, stored.of);
    const { format, plainIn, diffId, size, ...known } = stored;
    const record = plainIn === LAYER_FORMAT ? { ...known, plain: true } : known;
    // What another strake's layer format made of it is not what would be packed today.
    return (format ?? LAYER_FORMAT) === LAYER_FORMAT && diffId !== undefined && size !== undefined ? { ...record, diffId, size } : record;
  }

  /**
   * Whether it and everything below it are there. `known` remembers which are, so that whoever holds a lease (while
   * nothing can go) asks for each only once.
   */
  has(id: string, known: Set<string> = new Set()): boolean {
    const seen: string[] = [];
    for (let next: string | null = id; next !== null && !known.has(next); ) {
      const record: SnapshotRecord | undefined = this.get(next);
      if (record === undefined) return false;
      seen.push(next);
      next = record.parent;
    }
    for (const present of seen) known.add(present);
    return true;
  }

  /** It and all below it, top first. Throws STORE_INVALID when one is missing. */
  chain(id: string): readonly string[] {
    const ids: string[] = [];
    for (let next: string | null = id; next !== null; ) {
      ids.push(next);
      next = this.#known(next).parent;
    }
    return ids;
  }

  /**
   * The snapshots whose directories show it, top first. A directory is there once, where it is topmost: overlay takes none twice, and
   * of one that lies below itself nothing is to be seen.
   */
  directories(id: string): readonly string[] {
    return [...new Set(this.chain(id).map((member) => this.#known(member).of ?? member))];
  }

  /** The directory of differences. */
  directory(id: string): string {
    return this.#files.path('snapshots', this.get(id)?.of ?? id, 'fs');
  }

  /** The folder of all that is its own. */
  folder(id: string): string {
    return this.#files.path('snapshots', id);
  }

  /** Remembers what its layer is, now that it was packed. */
  setDiff(id: string, { diffId, size, plain }: PackedLayer): void {
    this.#update(id, () => ({ diffId, size, format: LAYER_FORMAT, ...plainIn(plain) }));
  }

  /** What its layer is when it is packed with a SOURCE_DATE_EPOCH, in seconds; undefined before it was. */
  clampedDiff(id: string, epoch: number): LayerDiff | undefined {
    return this.get(id)?.clamped?.[`${epoch}.${LAYER_FORMAT}`];
  }

  /** Remembers what its layer is with a SOURCE_DATE_EPOCH. */
  setClampedDiff(id: string, epoch: number, { diffId, size, plain }: PackedLayer): void {
    this.#update(id, ({ clamped }) => ({ ...plainIn(plain), clamped: { ...clamped, [`${epoch}.${LAYER_FORMAT}`]: { diffId, size } } }));
  }

  /** Remembers a snapshot that shows the same tree with one layer above the lowest `kept`. */
  setSquashed(id: string, kept: number, other: string): void {
    this.#update(id, ({ squashed }) => ({ squashed: { ...squashed, [kept]: other } }));
  }

  #update(id: string, change: (stored: StoredSnapshot) => Partial<StoredSnapshot>): void {
    const stored = ID.test(id) ? this.#files.readRecord<StoredSnapshot>('snapshots', id, 'meta.json') : undefined;
    if (stored === undefined) throw invalidStore(this.#files.root, `snapshot ${id} is missing`);
    this.#files.writeRecord({ ...stored, ...change(stored) }, 'snapshots', id, 'meta.json');
  }

  /** Removes it; whoever calls knows that nothing stands on it. */
  delete(id: string): void {
    const folder = this.#files.path('snapshots', id);
    if (!ID.test(id) || !existsSync(folder)) return;
    withStoreErrors(this.#files.root, () => {
      // Out of sight first: an interrupted removal must not leave a snapshot that looks whole.
      const doomed = this.#files.temporaryPath();
      renameSync(folder, doomed);
      rmSync(doomed, { recursive: true, force: true });
    });
  }

  /** What is known of the differences is known of their first place. Without that they are not there. */
  #placed(record: SnapshotRecord, of: string): SnapshotRecord | undefined {
    const origin = this.get(of);
    if (origin === undefined) return undefined;
    const { diffId, size } = origin;
    return diffId === undefined || size === undefined ? record : { ...record, diffId, size };
  }

  #known(id: string): SnapshotRecord {
    const record = this.get(id);
    if (record === undefined) throw invalidStore(this.#files.root, `snapshot ${id} is missing`);
    return record;
  }

  list(): readonly string[] {
    return this.#files.list('snapshots').filter((id) => ID.test(id));
  }
}

const plainIn = (plain: boolean): Pick<StoredSnapshot, 'plainIn'> => (plain ? { plainIn: LAYER_FORMAT } : {});
