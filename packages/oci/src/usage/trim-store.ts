import { rmSync, statfsSync } from 'node:fs';
import { neededContent, type NeededContent } from '../prune/needed-content';
import { removeUnneeded, Removal } from '../prune/prune-store';
import type { Store } from '../store/store';
import { chooseRemovals, type TrimPolicy } from './choose-removals';
import { providerFolder, providers, storeUsage } from './store-usage';
import type { UsageEntry } from './usage-entry';

/** How a store is trimmed. */
export interface TrimOptions extends TrimPolicy {
  /** Images without a name may go as well. */
  readonly unnamed?: boolean;
  /** Nothing is removed, only found. */
  readonly dryRun?: boolean;
}

/** What went, or would go. */
export interface Trimmed {
  readonly removed: readonly UsageEntry[];
  /** Mounts that programs use: they stay. */
  readonly busy: readonly UsageEntry[];
  /** Bytes. */
  readonly reclaimed: number;
}

/** Removes what makes builds faster as far as a policy wants it. Whoever calls is alone on the store. */
export function trimStore(store: Store, { unnamed = false, dryRun = false, ...policy }: TrimOptions): Trimmed {
  const chosen = chooseRemovals(storeUsage(store, { unnamed }), policy, { now: Date.now(), free: freeBytes(store.root) });
  const busy = dryRun ? [] : removeMounts(store, chosen);
  const removed = chosen.filter((entry) => !busy.includes(entry));
  if (!dryRun) {
    const kept = new Set(providers(store));
    for (const { id, type } of removed) if (type === 'source' && kept.has(id)) rmSync(providerFolder(store, id), { recursive: true, force: true });
    removeUnneeded(store, keptContent(store, removed), false, new Removal(false));
  }
  return { removed, busy, reclaimed: removed.reduce((sum, { size }) => sum + size, 0) };
}

/** Bytes that may still be written on the disk of a folder. */
export function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder);
  return bavail * bsize;
}

/** Answers those that programs use. */
function removeMounts(store: Store, entries: readonly UsageEntry[]): readonly UsageEntry[] {
  return entries.filter(({ type, id }) => type === 'mount' && !store.mounts.delete(id));
}

/** Everything but what was chosen, whether something needs it or not. */
function keptContent(store: Store, removed: readonly UsageEntry[]): NeededContent {
  const gone = new Set(removed.map(({ id }) => id));
  for (const { id, manifest } of store.images.list()) if (gone.has(id)) gone.add(manifest.digest);
  const stays = (id: string): boolean => !gone.has(id);
  const { snapshots } = neededContent(store, 'cached');
  return {
    images: new Set(store.images.list().map(({ id }) => id).filter(stays)),
    blobs: new Set(store.blobs.list().filter(stays)),
    snapshots: new Set([...store.snapshots.list(), ...snapshots].filter(stays)),
  };
}
