import type { Digest } from '@strake/api';
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { diskUsage } from '../prune/disk-usage';
import { contentOfImage, neededContent } from '../prune/needed-content';
import type { Store } from '../store/store';
import { knownSnapshots, type KnownSnapshot } from './known-snapshots';
import type { UsageEntry } from './usage-entry';

/** What is looked at. */
export interface UsageOptions {
  /** Images without a name, and what only they need, may go as well. */
  readonly unnamed?: boolean;
  /** Directories of mounts and what providers keep are left out: only walking through them tells their size. */
  readonly quick?: boolean;
}

/** All that a store holds besides images with a name, as far as it is worth its room. Snapshots are as large as the layers that they pack to. */
export function storeUsage(store: Store, { unnamed = false, quick = false }: UsageOptions = {}): readonly UsageEntry[] {
  const needed = neededContent(store, unnamed ? 'named' : 'images');
  const known = knownSnapshots(store);
  const images = unnamed ? store.images.list().filter(({ id }) => !needed.images.has(id)) : [];
  const own = new Set(images.flatMap(({ id, manifest }) => [id, manifest.digest]));
  return [
    ...store.snapshots.list().flatMap((id) => snapshotEntry(store, id, known.get(id), needed.snapshots.has(id))),
    ...restored(known),
    ...store.blobs.list().filter((digest) => !needed.blobs.has(digest) && !own.has(digest)).map((digest) => fileEntry('layer', digest, store.blobs.path(digest))),
    ...images.map(({ id, manifest }) => imageEntry(store, id, manifest.digest)),
    ...(quick ? [] : [...mountEntries(store), ...providerEntries(store)]),
  ];
}

function snapshotEntry(store: Store, id: string, known: KnownSnapshot | undefined, inUse: boolean): readonly UsageEntry[] {
  const record = store.snapshots.get(id);
  if (record === undefined) return [];
  const { parent, of, created: made, size } = record;
  const created = made === undefined ? undefined : Date.parse(made);
  const { type = 'base', description = '', used = created ?? 0 } = known ?? {};
  return [{ type, id, description, size: of === undefined ? (size ?? diskUsage(store.snapshots.folder(id))) : 0, created, used, parents: [parent, of].filter((one) => typeof one === 'string'), inUse }];
}

/** Steps of caches outside the store whose layers nobody has needed yet. */
function restored(known: ReadonlyMap<string, KnownSnapshot>): readonly UsageEntry[] {
  return [...known].filter(([id]) => id.startsWith('chain:')).map(([id, { type, description, used }]) => ({ type, id, description, size: 0, created: undefined, used, parents: [], inUse: false }));
}

function fileEntry(type: 'layer' | 'image', id: string, path: string): UsageEntry {
  const { mtimeMs: used = 0, size = 0 } = statSync(path, { throwIfNoEntry: false }) ?? {};
  return { type, id, description: '', size, created: used, used, parents: [], inUse: false };
}

/** It stands on all that it needs: nothing of that goes while it is there. */
function imageEntry(store: Store, id: Digest, manifest: Digest): UsageEntry {
  const { blobs, snapshots } = contentOfImage(store, manifest);
  const parents = [...snapshots, ...blobs].filter((part) => part !== id && part !== manifest);
  return { ...fileEntry('image', id, store.blobs.path(manifest)), parents };
}

function mountEntries(store: Store): readonly UsageEntry[] {
  return store.mounts.list().map(({ key, name, copies }) => {
    const used = Math.max(0, ...copies.map((copy) => copy.used));
    return { type: 'mount', id: key, description: name.id, size: diskUsage(store.mounts.folder(key)), created: undefined, used, parents: [], inUse: false };
  });
}

function providerEntries(store: Store): readonly UsageEntry[] {
  return providers(store).map((name) => {
    const folder = providerFolder(store, name);
    const used = statSync(folder, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    return { type: 'source', id: name, description: `what the source ${name} keeps`, size: diskUsage(folder), created: undefined, used, parents: [], inUse: false };
  });
}

/** The names of providers of sources that keep something. */
export function providers(store: Store): readonly string[] {
  try {
    return readdirSync(join(store.root, 'cache', 'providers'));
  } catch {
    return [];
  }
}

/** Where a provider of sources keeps things. */
export const providerFolder = (store: Store, name: string): string => join(store.root, 'cache', 'providers', name);
