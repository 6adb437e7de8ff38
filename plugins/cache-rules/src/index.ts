export { createRuleCache, type CacheRule } from './rule-cache';
export { ruleMatches, type StepMatch } from './rule-matches';
