import type { CacheStrategy } from '@strake/api';

/** Another strategy that is read and never written: for builds of branches that must not fill a shared cache. */
export function frozen(inner: CacheStrategy): CacheStrategy {
  return { name: `frozen(${inner.name})`, lookup: (query) => inner.lookup(query), record: async () => undefined };
}
