import type { CacheAnswer, CacheMiss, CacheQuery, CacheResult, CacheStrategy } from '@strake/api';
import type { Store } from '@strake/oci';
import type { CacheRecord } from './cache-record';
import { explainMiss } from './explain-miss';
import { StepHistory } from './step-history';

/**
 * The default strategy: a step is reused when every part of its key is the same, the files it copies by content.
 * Records live beside the snapshots that they name; each is one file put in place by a rename, so that builds
 * running at once never see half of one. With a scope they lie in folders of their own: snapshots of different backends never mix.
 */
export function createContentCache(store: Store, scope?: string): CacheStrategy {
  const prefix = scope === undefined ? '' : `${scope}-`;
  const records = store.cacheRecords<CacheRecord>(`${prefix}keys`);
  const history = new StepHistory(store, prefix);
  return {
    name: 'content',

    async lookup(query: CacheQuery): Promise<CacheAnswer> {
      const record = records.get(query.key.digest);
      if (record === undefined) return { hit: false, ...miss(query, history) };
      records.touch(query.key.digest);
      return { hit: true, snapshot: { id: record.snapshot }, identity: record.identity, created: Date.parse(record.created) };
    },

    async record(query: CacheQuery, { snapshot, identity, created = Date.now() }: CacheResult): Promise<void> {
      records.set(query.key.digest, { snapshot: snapshot.id, identity, created: new Date(created).toISOString(), text: query.vertex.note.name });
      // The key by content explains more; the one by definition would overwrite it.
      if (query.by === 'content') history.remember(query);
    },
  };
}

/** Only keys by content are remembered, and they are asked for last. */
function miss(query: CacheQuery, history: StepHistory): CacheMiss {
  return query.by === 'content' ? explainMiss(query, history.last(query)) : { reason: 'never built on this' };
}
