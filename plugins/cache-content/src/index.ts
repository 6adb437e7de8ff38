export { createContentCache } from './content-cache';
export { explainMiss } from './explain-miss';
export type { CacheRecord, NamedDigest, StepRecord } from './cache-record';
