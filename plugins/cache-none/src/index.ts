import type { CacheStrategy } from '@strake/api';

/** Reuses nothing and remembers nothing. */
export function createNoCache(): CacheStrategy {
  return {
    name: 'none',
    lookup: async () => ({ hit: false, reason: 'it is not cached, by configuration', refused: true }),
    record: async () => undefined,
  };
}
