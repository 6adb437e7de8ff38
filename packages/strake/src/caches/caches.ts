import { resolve } from 'node:path';
import { OperatorError, suggest } from '@strake/api';
import { chooseRemovals, exportCache, freeBytes, importCache, storeUsage, type CacheMountName, type Store, type StoredCacheMount, type UsageEntry } from '@strake/oci';
import { cacheStatistics } from './build-statistics';
import type { CacheEntry, CachePruned, CachePruneOptions, CacheStatistics } from './cache-types';
import { entryFilter } from './entry-filter';
import { trimPolicy } from './trim-policy';

/** What of a store is listed. */
export interface CacheListOptions {
  /** Images without a name too; what only they need is then not in use. */
  readonly all?: boolean;
  /** As in `CachePruneOptions`. */
  readonly filters?: readonly string[];
}

/** Work on what makes builds faster. A mount is named by its id, or by its key or a beginning of that. */
export interface Caches {
  /** What there is, largest first. Throws USAGE. */
  list(options?: CacheListOptions): Promise<readonly CacheEntry[]>;
  /** How often builds found their steps. */
  statistics(): Promise<CacheStatistics>;
  /** Writes a mount's directory to a tar file. Throws USAGE, STORE_BUSY while a program uses it. */
  export(name: string, file: string): Promise<void>;
  /** Puts a mount's directory from a tar file in the place of the one with its name; `id` gives it another. Throws IMAGE_INVALID, STORE_BUSY. */
  import(file: string, options?: { readonly id?: string }): Promise<string>;
  /** Removes what was used longest ago, as far as it is wanted. Throws USAGE, STORE_BUSY while anybody builds. */
  prune(options?: CachePruneOptions): Promise<CachePruned>;
}

/** Work on the caches of a store; relative paths are relative to `cwd`. */
export function openCaches(store: Store, cwd: string): Caches {
  return {
    list: async (options = {}) => list(store, options),
    statistics: async () => cacheStatistics(store),
    export: (name, file) => withLease(store, () => exportCache(store, only(store, name).key, resolve(cwd, file))),
    import: async (file, { id } = {}) => withLease(store, async () => (await importCache(store, resolve(cwd, file), id)).id),
    prune: (options = {}) => prune(store, options),
  };
}

function list(store: Store, { all = false, filters = [] }: CacheListOptions): readonly CacheEntry[] {
  const matches = entryFilter(filters, Date.now());
  const copies = new Map(store.mounts.list().map((mount) => [mount.key, mount.copies.length]));
  return storeUsage(store, { unnamed: all }).filter(matches).map((entry) => shown(entry, copies.get(entry.id))).sort((one, other) => other.size - one.size || (one.id < other.id ? -1 : 1));
}

function shown({ created, used, ...entry }: UsageEntry, copies?: number): CacheEntry {
  return { ...entry, ...(created === undefined ? {} : { created: new Date(created).toISOString() }), used: new Date(used).toISOString(), ...(copies === undefined ? {} : { copies }) };
}

async function prune(store: Store, { names = [], all = false, filters = [], dryRun = false, ...garbage }: CachePruneOptions): Promise<CachePruned> {
  const filter = entryFilter(filters, Date.now());
  const policy = trimPolicy(garbage, store.root);
  const wanted = names.flatMap((name) => named(store, name));
  const ids = new Set(wanted.map(({ id }) => id));
  const matches = (entry: UsageEntry): boolean => (names.length === 0 || ids.has(entry.id)) && filter(entry);
  if (names.length > 0 && wanted.every(({ type }) => type === 'mount')) return withLease(store, async () => pruneMounts(store, chooseRemovals(wanted, { ...policy, matches }, { now: Date.now(), free: freeBytes(store.root) }), dryRun));
  const { removed, busy, reclaimed } = await store.trim({ ...policy, unnamed: all, dryRun, matches });
  return pruned(removed, busy, reclaimed);
}

/** Mounts go while others build: each has a lock of its own. */
function pruneMounts(store: Store, mounts: readonly UsageEntry[], dryRun: boolean): CachePruned {
  const busy = mounts.filter(({ id }) => !dryRun && !store.mounts.delete(id));
  const removed = mounts.filter((mount) => !busy.includes(mount));
  return pruned(removed, busy, removed.reduce((sum, { size }) => sum + size, 0));
}

function pruned(removed: readonly UsageEntry[], busy: readonly UsageEntry[], reclaimed: number): CachePruned {
  return { removed: removed.map((entry) => shown(entry)), inUse: busy.map((entry) => shown(entry)), reclaimed };
}

/** What a name means. Throws USAGE when it means nothing. */
function named(store: Store, written: string): readonly UsageEntry[] {
  const entries = storeUsage(store, { unnamed: true });
  const found = entries.filter(({ id, type, description }) => id === written || (type === 'mount' && description === written) || (written.length >= 6 && bare(id).startsWith(bare(written))));
  if (found.length > 0) return found;
  throw missing(written, entries.flatMap(({ id, type, description }) => (type === 'mount' ? [id, description] : [id])));
}

const bare = (id: string): string => id.replace(/^sha256:/, '');

function missing(written: string, known: readonly string[]): OperatorError {
  const near = suggest(written, known);
  return new OperatorError('USAGE', `there is no cache ${written}`, { hint: near === undefined ? 'strake cache ls lists them' : `did you mean ${near}?` });
}

/** Throws USAGE unless a name means one mount. */
function only(store: Store, written: string): { readonly key: string; readonly name: CacheMountName } {
  const all = store.mounts.list();
  const found: readonly StoredCacheMount[] = all.filter(({ key, name }) => name.id === written || (/^[0-9a-f]{6,}$/.test(written) && key.startsWith(written)));
  const [first, ...others] = found;
  if (first === undefined) throw missing(written, all.map(({ name }) => name.id));
  if (others.length === 0) return first;
  throw new OperatorError('USAGE', `${written} means several caches`, { hint: 'give the beginning of a key: strake cache ls shows them' });
}

/** Nothing is pruned meanwhile. */
async function withLease<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const lease = store.lease();
  try {
    return await work();
  } finally {
    lease.release();
  }
}
