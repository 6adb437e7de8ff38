import type { CacheStrategy } from '@strake/api';

/**
 * Another strategy whose results count for a while only: for steps that look at the world, such as `apt-get update`. `now` is in milliseconds
 * since 1970; tests give a clock of their own.
 */
export function expiring(inner: CacheStrategy, milliseconds: number, now: () => number = Date.now): CacheStrategy {
  return {
    name: `expiring(${inner.name})`,
    record: (query, result) => inner.record(query, result),
    async lookup(query) {
      const answer = await inner.lookup(query);
      // What does not say when it was made is too old.
      if (!answer.hit || (answer.created !== undefined && now() - answer.created <= milliseconds)) return answer;
      // Something is there and not wanted: steps on what is made now are made again too.
      return { hit: false, reason: 'the record has expired', refused: true };
    },
    begin: async (build, signal) => inner.begin?.(build, signal),
    end: async (build, outcome) => inner.end?.(build, outcome),
  };
}
