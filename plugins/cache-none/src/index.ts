import type { CacheStrategy } from '@strake/api';

/** Reuses nothing and remembers nothing. */
export function createNoCache(): CacheStrategy {
  return {
    name: 'none',
    lookup: async () => ({ hit: false, reason: 'this build uses no cache' }),
    record: async () => undefined,
  };
}
