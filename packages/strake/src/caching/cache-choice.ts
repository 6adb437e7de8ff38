import type { CacheStrategy } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createClassicCache } from '@strake/cache-classic';
import { createContentCache } from '@strake/cache-content';
import { createNoCache } from '@strake/cache-none';
import { createReadOnlyCache } from '@strake/cache-read-only';
import { createRuleCache, type StepMatch } from '@strake/cache-rules';
import { createTieredCache, type TieredOptions } from '@strake/cache-tiered';
import { createTtlCache } from '@strake/cache-ttl';
import type { Store } from '@strake/oci';
import type { Factory } from '../builder/builder-config';
import { parseDuration } from './parse-duration';

/** How steps are cached: by name (`content`, `none`, `classic`, `read-only`, `ttl=7d`), by a strategy of one's own, or by rules. */
export type CacheChoice = string | Factory<CacheStrategy> | CacheRules | CacheTiers;

/** A strategy for each step: that of the first rule which is for it. */
export interface CacheRules {
  readonly rules: readonly (StepMatch & { readonly use: CacheChoice })[];
  /** Of steps that no rule is for; `content` by default. */
  readonly otherwise?: CacheChoice;
}

/** Strategies that are asked one after the other, the nearest first. */
export interface CacheTiers {
  readonly tiers: readonly [CacheChoice, ...CacheChoice[]];
}

/** What strategies are made on. */
export interface CacheParts {
  readonly store: Store;
  /** What tells the backend's records from others; undefined for those of the store's own snapshots. */
  readonly scope: () => string | undefined;
}

const KNOWN = 'content, none, classic, read-only, ttl=DURATION';

/** The strategy that a configuration or a flag asks for. Throws CONFIG_INVALID. */
export function chooseCache(choice: CacheChoice | undefined, parts: CacheParts): CacheStrategy {
  if (typeof choice === 'function') return choice({ store: parts.store });
  if (typeof choice === 'object') return 'tiers' in choice ? byTiers(choice, parts) : byRules(choice, parts);
  const [name, value] = (choice ?? 'content').split(/=(.*)/s);
  const content = createContentCache(parts.store, parts.scope());
  if (name === 'ttl') return createTtlCache(content, { seconds: secondsOf(value) });
  if (value === undefined && name === 'content') return content;
  if (value === undefined && name === 'none') return createNoCache();
  if (value === undefined && name === 'classic') return createClassicCache();
  if (value === undefined && name === 'read-only') return createReadOnlyCache(content);
  // Names come from configuration files and flags, which no compiler has seen.
  throw new OperatorError('CONFIG_INVALID', `there is no cache "${choice}"`, { hint: `Known: ${KNOWN}.` });
}

function byRules({ rules, otherwise }: CacheRules, parts: CacheParts): CacheStrategy {
  return createRuleCache(rules.map(({ use, ...match }) => ({ ...match, use: choosePart(use, parts) })), choosePart(otherwise, parts));
}

function byTiers({ tiers: [first, ...others] }: CacheTiers, parts: CacheParts): CacheStrategy {
  const here: TieredOptions['here'] = parts.scope() === undefined ? ({ snapshot }) => parts.store.snapshots.has(snapshot.id) : () => true;
  return createTieredCache([choosePart(first, parts), ...others.map((other) => choosePart(other, parts))], { here });
}

/** One of several. Throws CONFIG_INVALID for one that builds by itself. */
function choosePart(choice: CacheChoice | undefined, parts: CacheParts): CacheStrategy {
  const cache = chooseCache(choice, parts);
  if (cache.steps === undefined) return cache;
  throw new OperatorError('CONFIG_INVALID', `the cache ${cache.name} cannot be one of several`, { hint: 'It builds instruction by instruction: choose it for the whole build.' });
}

function secondsOf(value: string | undefined): number {
  const seconds = parseDuration(value ?? '');
  if (seconds !== undefined && seconds > 0) return seconds;
  throw new OperatorError('CONFIG_INVALID', `"ttl=${value ?? ''}" has no duration`, { hint: 'Write ttl=90s, ttl=24h or ttl=7d.' });
}
