import type { CacheAnswer, CacheMiss, CacheQuery, CacheResult, CacheStrategy } from '@strake/api';

type Hit = Extract<CacheAnswer, { hit: true }>;
type Miss = Extract<CacheAnswer, { hit: false }>;

/** What tiers need to know of the world. */
export interface TieredOptions {
  /** Whether the snapshot of a hit can be had. One that cannot counts only when no tier has a better one. All can by default. */
  readonly here?: (hit: Hit) => boolean | Promise<boolean>;
}

/**
 * Asks strategies one after the other, the nearest first; what a farther one knows is copied up. What is made is recorded by all. When all
 * miss, the first one's reason counts: it knows what was built here.
 */
export function createTieredCache(tiers: readonly [CacheStrategy, ...CacheStrategy[]], options: TieredOptions = {}): CacheStrategy {
  const each = async (work: (tier: CacheStrategy) => Promise<void> | undefined): Promise<void> => void (await Promise.all(tiers.map(async (tier) => work(tier))));
  return {
    name: `tiered(${tiers.map(({ name }) => name).join(', ')})`,
    lookup: (query) => new Search(tiers, options).lookup(query),
    // One that would is enough, as for what they know themselves.
    refuses: (query, result) => refusedByAll(tiers, query, result),
    record: (query, result) => each((tier) => tier.record(query, result)),
    begin: (build, signal) => each((tier) => tier.begin?.(build, signal)),
    end: (build, outcome) => each((tier) => tier.end?.(build, outcome)),
  };
}

function refusedByAll(tiers: readonly CacheStrategy[], query: CacheQuery, result: CacheResult): CacheMiss | undefined {
  const refusals = tiers.map((tier) => tier.refuses?.(query, result));
  return refusals.includes(undefined) ? undefined : refusals[0];
}

class Search {
  readonly #tiers: readonly CacheStrategy[];
  readonly #options: TieredOptions;
  #miss: Miss | undefined;
  /** A hit whose snapshot cannot be had: better than nothing, as the steps on it may be there. */
  #far: Hit | undefined;

  constructor(tiers: readonly CacheStrategy[], options: TieredOptions) {
    this.#tiers = tiers;
    this.#options = options;
  }

  async lookup(query: CacheQuery): Promise<CacheAnswer> {
    for (const [at, tier] of this.#tiers.entries()) {
      const answer = await tier.lookup(query);
      if (!answer.hit) this.#missed(answer);
      else if (await this.#has(answer)) return this.#copyUp(at, query, answer);
      else this.#far ??= answer;
    }
    return this.#far ?? this.#miss ?? { hit: false, reason: 'never built' };
  }

  /** One that refuses what it has says more than those that have nothing. */
  #missed(answer: Miss): void {
    if (this.#miss === undefined || (answer.refused === true && this.#miss.refused !== true)) this.#miss = answer;
  }

  async #has(hit: Hit): Promise<boolean> {
    return this.#options.here === undefined || this.#options.here(hit);
  }

  async #copyUp(found: number, query: CacheQuery, answer: Hit): Promise<CacheAnswer> {
    const { snapshot, identity, created } = answer;
    const result = { snapshot, identity, ...(created === undefined ? {} : { created }) };
    await Promise.all(this.#tiers.slice(0, found).map((tier) => tier.record(query, result)));
    return answer;
  }
}
