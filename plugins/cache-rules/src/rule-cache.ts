import type { CacheStrategy, Vertex } from '@strake/api';
import { ruleMatches, type StepMatch } from './rule-matches';

/** A rule, and the strategy of the steps that it is for. */
export type CacheRule = StepMatch & { readonly use: CacheStrategy };

/** Each step is cached by the strategy of the first rule that is for it; by `otherwise` where none is. */
export function createRuleCache(rules: readonly CacheRule[], otherwise: CacheStrategy): CacheStrategy {
  const choose = (vertex: Vertex): CacheStrategy => rules.find((rule) => ruleMatches(rule, vertex))?.use ?? otherwise;
  const all = [...new Set([...rules.map(({ use }) => use), otherwise])];
  const each = async (work: (strategy: CacheStrategy) => Promise<void> | undefined): Promise<void> => void (await Promise.all(all.map(async (strategy) => work(strategy))));
  return {
    name: `rules(${all.map(({ name }) => name).join(', ')})`,
    lookup: (query) => choose(query.vertex).lookup(query),
    refuses: (query, result) => choose(query.vertex).refuses?.(query, result),
    record: (query, result) => choose(query.vertex).record(query, result),
    begin: (build, signal) => each((strategy) => strategy.begin?.(build, signal)),
    end: (build, outcome) => each((strategy) => strategy.end?.(build, outcome)),
  };
}
