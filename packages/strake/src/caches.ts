import { resolve } from 'node:path';
import { OperatorError, suggest } from '@strake/api';
import { diskUsage, exportCache, importCache, type CacheMountName, type Store, type StoredCacheMount } from '@strake/oci';

/** One cache of RUN --mount=type=cache. */
export interface CacheSummary {
  /** What it is called in the Dockerfile: the mount's id, or its target. */
  readonly id: string;
  /** Tells it from others of the same id that start with something else or have another mode or owner. */
  readonly key: string;
  /** Bytes on the disk. */
  readonly size: number;
  /** RFC 3339: when a program used it last. */
  readonly used: string;
  /** More than one where several programs wanted a private one at once. */
  readonly copies: number;
}

/** Work on the caches of a store. A cache is named by its id, or by its key or a beginning of that. */
export interface Caches {
  list(): Promise<readonly CacheSummary[]>;
  /** Writes one to a tar file. Throws USAGE, STORE_BUSY while a program uses it. */
  export(name: string, file: string): Promise<void>;
  /** Puts one from a tar file in the place of the one with its name; `id` gives it another. Throws IMAGE_INVALID, STORE_BUSY. */
  import(file: string, options?: { readonly id?: string }): Promise<string>;
  /** Removes those named, or all; those that programs use stay. */
  prune(options: { readonly names: readonly string[]; readonly dryRun: boolean }): Promise<{ readonly deleted: readonly string[]; readonly inUse: readonly string[]; /** Bytes. */ readonly reclaimed: number }>;
}

/** Work on the caches of a store; relative paths are relative to `cwd`. */
export function openCaches(store: Store, cwd: string): Caches {
  return {
    list: async () => store.mounts.list().map((cache) => summaryOf(store, cache)).sort((left, right) => (left.id < right.id ? -1 : left.id > right.id ? 1 : 0)),
    export: (name, file) => withLease(store, () => exportCache(store, only(store, name).key, resolve(cwd, file))),
    import: async (file, { id } = {}) => withLease(store, async () => (await importCache(store, resolve(cwd, file), id)).id),
    prune: (options) => withLease(store, async () => prune(store, options)),
  };
}

function summaryOf(store: Store, { key, name, copies }: StoredCacheMount): CacheSummary {
  const used = Math.max(0, ...copies.map((copy) => copy.used));
  return { id: name.id, key, size: diskUsage(store.mounts.folder(key)), used: new Date(used).toISOString(), copies: copies.length };
}

function prune(store: Store, { names, dryRun }: Parameters<Caches['prune']>[0]): Awaited<ReturnType<Caches['prune']>> {
  const wanted = names.length === 0 ? store.mounts.list() : names.flatMap((name) => named(store, name));
  const [deleted, inUse]: [string[], string[]] = [[], []];
  let reclaimed = 0;
  for (const { key, name } of wanted) {
    const size = diskUsage(store.mounts.folder(key));
    if (!dryRun && !store.mounts.delete(key)) {
      inUse.push(name.id);
      continue;
    }
    deleted.push(name.id);
    reclaimed += size;
  }
  return { deleted, inUse, reclaimed };
}

/** All caches that a name means. Throws USAGE when it means none. */
function named(store: Store, written: string): readonly StoredCacheMount[] {
  const all = store.mounts.list();
  const found = all.filter(({ key, name }) => name.id === written || (/^[0-9a-f]{6,}$/.test(written) && key.startsWith(written)));
  if (found.length > 0) return found;
  const near = suggest(written, all.map(({ name }) => name.id));
  throw new OperatorError('USAGE', `there is no cache ${written}`, { hint: near === undefined ? 'strake cache ls lists them' : `did you mean ${near}?` });
}

function only(store: Store, written: string): { readonly key: string; readonly name: CacheMountName } {
  const [first, ...others] = named(store, written);
  if (first !== undefined && others.length === 0) return first;
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
