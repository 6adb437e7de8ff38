import { existsSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { LayerRecord } from '../store/records';
import type { Store } from '../store/store';
import { diskUsage } from './disk-usage';
import { neededContent, type CachedSnapshot, type NeededContent } from './needed-content';

/** How much goes. */
export interface PruneOptions {
  /** Images without a name and everything that only makes builds faster go too. */
  readonly all?: boolean;
  /** Nothing is removed, only found. */
  readonly dryRun?: boolean;
  /**
   * Ends what may still write in a dead process's work folder, called before that is removed. Without it unfinished work is left to
   * the next build, which knows how to end it: the folder is the only trace of programs that outlived their build.
   */
  readonly end?: (directory: string) => void;
}

/** What went, or would go. */
export interface Pruned {
  /** A line each: what kind of thing, and its ID. Records that only point at what went are not named. */
  readonly deleted: readonly string[];
  /** Bytes on the disk. */
  readonly reclaimed: number;
}

/**
 * Removes what a store does not need. Whoever calls is alone on it. Records go before what they point at, so that an
 * interrupted prune leaves content that nobody knows, and the next one takes it, but no record without its content.
 */
export function pruneStore(store: Store, { all = false, dryRun = false, end }: PruneOptions): Pruned {
  const removal = new Removal(dryRun);
  removeUnneeded(store, neededContent(store, all ? 'named' : 'cached'), all, removal);
  if (all) for (const { key, name } of store.mounts.list()) removal.take(`cache ${name.id}`, store.mounts.folder(key), () => store.mounts.delete(key));
  for (const digest of store.blobs.listPartial()) removal.take(`unfinished blob ${digest}`, store.blobs.partialPath(digest), () => store.blobs.deletePartial(digest));
  if (all) removeProviders(store, removal);
  if (end !== undefined) {
    for (const directory of store.unfinished()) removal.take(`unfinished work ${basename(directory)}`, directory, () => undefined);
    removal.silently(() => store.reclaim(end));
  }
  return removal;
}

/** Removes images, snapshots and blobs that are not needed, and the records of them; with `all` every cache record. */
export function removeUnneeded(store: Store, needed: NeededContent, all: boolean, removal: Removal): void {
  removeImages(store, needed, removal);
  removeCacheRecords(store, needed, all, removal);
  removePointers(store, needed, removal);
  for (const id of store.snapshots.list()) {
    if (!needed.snapshots.has(id)) removal.take(`snapshot ${id}`, store.snapshots.folder(id), () => store.snapshots.delete(id));
  }
  for (const digest of store.blobs.list()) {
    if (!needed.blobs.has(digest)) removal.take(`blob ${digest}`, store.blobs.path(digest), () => store.blobs.delete(digest));
  }
}

/** What providers of sources keep between builds: repositories, downloads. */
function removeProviders(store: Store, removal: Removal): void {
  const folder = join(store.root, 'cache', 'providers');
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) removal.take(`what the source ${name} keeps`, join(folder, name), () => rmSync(join(folder, name), { recursive: true, force: true }));
}

/** Removes things and counts them. */
export class Removal implements Pruned {
  readonly deleted: string[] = [];
  reclaimed = 0;
  readonly #dryRun: boolean;

  constructor(dryRun: boolean) {
    this.#dryRun = dryRun;
  }

  /** Removes something; `path` is what it takes on the disk, if that is worth counting. */
  take(what: string, path: string | undefined, remove: () => void): void {
    this.deleted.push(what);
    if (path !== undefined) this.reclaimed += diskUsage(path);
    this.silently(remove);
  }

  silently(remove: () => void): void {
    if (!this.#dryRun) remove();
  }
}

function removeImages(store: Store, { images }: NeededContent, removal: Removal): void {
  for (const { id } of store.images.list()) {
    if (!images.has(id)) removal.take(`image ${id}`, undefined, () => store.images.delete(id));
  }
}

/** What is left of them without `all` names a snapshot that is there. */
function removeCacheRecords(store: Store, { snapshots, images }: NeededContent, all: boolean, removal: Removal): void {
  const keys = store.cacheRecords<CachedSnapshot>('keys');
  for (const [key, { snapshot }] of keys.list()) {
    if (all || !snapshots.has(snapshot)) removal.take(`cache record ${key}`, undefined, () => keys.delete(key));
  }
  const sources = store.cacheRecords<CachedSnapshot>('sources');
  for (const [key, { snapshot }] of sources.list()) if (all || !snapshots.has(snapshot)) removal.silently(() => sources.delete(key));
  for (const records of ['classic', 'digests'].map((folder) => store.cacheRecords(folder))) {
    for (const [id] of records.list()) if (!images.has(id)) removal.silently(() => records.delete(id));
  }
  for (const folder of all ? store.cacheFolders() : []) {
    const records = store.cacheRecords(folder);
    for (const [digest] of records.list()) removal.silently(() => records.delete(digest));
  }
}

/** Chains and layers point at snapshots and blobs; a layer that is still there in one of its forms keeps that. */
function removePointers(store: Store, { snapshots, blobs }: NeededContent, removal: Removal): void {
  for (const digest of store.remote.list()) if (!blobs.has(digest)) removal.silently(() => store.remote.forget(digest));
  for (const [chain, { snapshot, layer }] of store.chains.list()) {
    const here = snapshot !== undefined && snapshots.has(snapshot);
    const known = layer !== undefined && snapshots.has(`chain:${chain}`);
    if (!here && !known) removal.silently(() => store.chains.delete(chain));
    else if (!here && snapshot !== undefined) removal.silently(() => store.chains.set(chain, layer === undefined ? {} : { layer }));
  }
  for (const [diffId, record] of store.layers.list()) {
    const { blob, snapshot, ...rest } = record;
    const kept: LayerRecord = {
      ...rest,
      ...(blob !== undefined && blobs.has(blob.digest) ? { blob } : {}),
      ...(snapshot !== undefined && snapshots.has(snapshot) ? { snapshot } : {}),
    };
    if (kept.blob === undefined && kept.snapshot === undefined) removal.silently(() => store.layers.delete(diffId));
    else if (kept.blob !== blob || kept.snapshot !== snapshot) removal.silently(() => store.layers.set(diffId, kept));
  }
}
