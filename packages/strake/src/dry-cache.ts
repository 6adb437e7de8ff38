import type { CacheResult, CacheStrategy, Digest } from '@strake/api';

/** A cache as a dry run uses it: asked and not changed, but for what the dry run itself would have made. */
export function dryCache(inner: CacheStrategy): CacheStrategy {
  const planned = new Map<Digest, CacheResult>();
  return {
    name: inner.name,
    async lookup(query) {
      const result = planned.get(query.key.digest);
      return result === undefined ? inner.lookup(query) : { hit: true, ...result };
    },
    refuses: (query, result) => inner.refuses?.(query, result),
    record: async ({ key }, result) => void planned.set(key.digest, result),
    begin: async (build, signal) => inner.begin?.(build, signal),
  };
}
