import type { CacheStrategy, Digest } from '@strake/api';

/** When each key was recorded, milliseconds since the epoch. A service would keep this where its builders share it. */
export interface Clock {
  readonly now: () => number;
  readonly recorded: Map<Digest, number>;
}

/** Another strategy whose records count for a while only: for steps that look at the world, such as `apt-get update`. */
export function expiring(inner: CacheStrategy, milliseconds: number, { now, recorded }: Clock): CacheStrategy {
  return {
    name: `expiring(${inner.name})`,
    async lookup(query) {
      const answer = await inner.lookup(query);
      if (!answer.hit) return answer;
      const age = now() - (recorded.get(query.key.digest) ?? 0);
      return age <= milliseconds ? answer : { hit: false, reason: 'the record has expired' };
    },
    async record(query, result) {
      await inner.record(query, result);
      recorded.set(query.key.digest, now());
    },
  };
}
