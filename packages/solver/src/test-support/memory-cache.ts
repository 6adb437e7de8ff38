import type { CacheResult, CacheStrategy, Digest } from '@strake/api';

/** A strategy that keeps its records in a map. */
export function memoryCache(): CacheStrategy {
  const records = new Map<Digest, CacheResult>();
  return {
    name: 'memory',
    lookup: async ({ key }) => {
      const record = records.get(key.digest);
      return record ? { hit: true, ...record } : { hit: false, reason: 'never built' };
    },
    record: async ({ key }, result) => void records.set(key.digest, result),
  };
}
