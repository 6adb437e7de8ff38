import { ageText, type CacheMiss, type CacheResult, type CacheStrategy } from '@strake/api';

/** How old a result may be. */
export interface TtlOptions {
  /** Seconds; more than 0. */
  readonly seconds: number;
  /** Milliseconds since 1970; the clock by default. */
  readonly now?: () => number;
}

/**
 * Another strategy's results as long as they are young. Age counts from when the step was made, not from when it was recorded. What says no
 * age is too old. Steps on what is made again are made again too.
 */
export function createTtlCache(inner: CacheStrategy, { seconds, now = Date.now }: TtlOptions): CacheStrategy {
  return {
    ...hooksOf(inner),
    name: `ttl(${inner.name})`,
    record: (query, result) => inner.record(query, result),
    async lookup(query) {
      const answer = await inner.lookup(query);
      if (!answer.hit) return answer;
      const old = tooOld(answer, seconds, now());
      return old === undefined ? answer : { hit: false, ...old };
    },
    refuses: (query, result) => tooOld(result, seconds, now()) ?? inner.refuses?.(query, result),
  };
}

function tooOld({ created }: Pick<CacheResult, 'created'>, seconds: number, now: number): CacheMiss | undefined {
  const age = created === undefined ? undefined : (now - created) / 1000;
  if (age !== undefined && age <= seconds) return undefined;
  const reason = age === undefined ? 'the cache does not say how old it is' : `made ${ageText(age)} ago, which is more than ${ageText(seconds)}`;
  return { reason, refused: true };
}

function hooksOf(inner: CacheStrategy): Pick<CacheStrategy, 'begin' | 'end'> {
  return { begin: async (build, signal) => inner.begin?.(build, signal), end: async (build, outcome) => inner.end?.(build, outcome) };
}
