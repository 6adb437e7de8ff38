import { createHash } from 'node:crypto';
import type { CacheAnswer, CacheQuery, CacheResult, CacheStrategy, Digest, KeyPart, Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import type { CacheRecord, StepRecord } from './cache-record';
import { explainMiss } from './explain-miss';

/**
 * The default strategy: a step is reused when every part of its key is the same, the files it copies by content.
 * Records live beside the snapshots that they name; each is one file put in place by a rename, so that builds
 * running at once never see half of one. With a scope they lie in folders of their own: snapshots of different backends never mix.
 */
export function createContentCache(store: Store, scope?: string): CacheStrategy {
  const prefix = scope === undefined ? '' : `${scope}-`;
  const records = store.cacheRecords<CacheRecord>(`${prefix}keys`);
  const steps = store.cacheRecords<StepRecord>(`${prefix}steps`);
  return {
    name: 'content',

    async lookup({ key, vertex }: CacheQuery): Promise<CacheAnswer> {
      const record = records.get(key.digest);
      if (record) return { hit: true, snapshot: { id: record.snapshot }, identity: record.identity, created: Date.parse(record.created) };
      return { hit: false, reason: explainMiss(key.parts, steps.get(stepDigest(vertex))) };
    },

    async record({ key, vertex, by }: CacheQuery, { snapshot, identity, created = Date.now() }: CacheResult): Promise<void> {
      records.set(key.digest, { snapshot: snapshot.id, identity, created: new Date(created).toISOString() });
      // The key by content explains more; the one by definition would overwrite it.
      if (by === 'content') steps.set(stepDigest(vertex), stepRecord(key.parts));
    },
  };
}

function stepRecord(parts: readonly KeyPart[]): StepRecord {
  const members = parts.flatMap(({ name, members }) => (members ? [[name, members()] as const] : []));
  return { parts: parts.map(({ name, digest }) => [name, digest] as const), members: Object.fromEntries(members) };
}

/** The same place in the same stage: its keyword and its number, whatever its arguments are now. */
function stepDigest({ note }: Vertex): Digest {
  const place = /(\d+)\/\d+\] (\S+)/.exec(note.name)?.slice(1) ?? note.name;
  return `sha256:${createHash('sha256').update(JSON.stringify([note.range?.file, note.stage, place])).digest('hex')}`;
}
