import type { CacheStrategy } from '@strake/api';

/** A cache as a dry run uses it: asked and not changed. What the dry run itself would have made, the solver knows. */
export function dryCache(inner: CacheStrategy): CacheStrategy {
  return {
    name: inner.name,
    lookup: (query) => inner.lookup(query),
    refuses: (query, result) => inner.refuses?.(query, result),
    record: async () => undefined,
    begin: async (build, signal) => inner.begin?.(build, signal),
  };
}
