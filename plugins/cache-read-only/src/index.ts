import type { CacheStrategy } from '@strake/api';

/** Reuses what another strategy knows and records nothing: for builds that must not fill a cache which others trust. */
export function createReadOnlyCache(inner: CacheStrategy): CacheStrategy {
  return {
    name: `read-only(${inner.name})`,
    lookup: (query) => inner.lookup(query),
    refuses: (query, result) => inner.refuses?.(query, result),
    record: async () => undefined,
    begin: async (build, signal) => inner.begin?.(build, signal),
  };
}
