import { createContentCache } from '@strake/cache-content';
import { createNoCache } from '@strake/cache-none';
import { createReadOnlyCache } from '@strake/cache-read-only';
import { createRuleCache } from '@strake/cache-rules';
import { createTieredCache } from '@strake/cache-tiered';
import { createTtlCache } from '@strake/cache-ttl';
import { RemoteCache } from '@strake/cache-remote';
import { digestOf, encodeCacheDocument, openStore, type Store } from '@strake/oci';
import { cacheConformance, type CacheSubject } from '@strake/testing';
import type { CacheReader, CacheStrategy } from 'strake';
import { Readable } from 'node:stream';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expiring } from '../../examples/custom-cache-policy/expiring';
import { frozen } from '../../examples/custom-cache-policy/frozen';

/** A strategy over a store of its own, opened anew for each build. */
async function onStore(make: (store: Store) => CacheStrategy): Promise<CacheSubject> {
  const folder = mkdtempSync(join(tmpdir(), 'strake-cache-'));
  const stores: Store[] = [];
  return {
    open: async () => {
      const store = openStore(folder);
      stores.push(store);
      return make(store);
    },
    close: async () => {
      for (const store of stores) store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Two content caches, each on a store of its own. */
async function twoStores(make: (near: CacheStrategy, far: CacheStrategy) => CacheStrategy): Promise<CacheSubject> {
  const [near, far] = [await onStore(createContentCache), await onStore(createContentCache)];
  return {
    open: async () => make(await near.open(), await far.open()),
    close: async () => void (await Promise.all([near.close(), far.close()])),
  };
}

describe('content', () => cacheConformance(() => onStore(createContentCache), test));

describe('none', () => cacheConformance(() => onStore(() => createNoCache()), test, { keepsNothing: true }));

describe('read-only', () => cacheConformance(() => onStore((store) => createReadOnlyCache(createContentCache(store))), test, { keepsNothing: true }));

const young = { seconds: 10, now: () => 1_000_000_005_000 };
describe('ttl, young', () => cacheConformance(() => onStore((store) => createTtlCache(createContentCache(store), young)), test));
describe('ttl, too old', () => cacheConformance(() => onStore((store) => createTtlCache(createContentCache(store), { seconds: 1, now: young.now })), test, { keepsNothing: true }));

const matching = { keyword: 'run', stage: ['BUILD'] } as const;
describe('rules that choose content', () => cacheConformance(() => onStore((store) => createRuleCache([{ ...matching, use: createContentCache(store) }], createNoCache())), test));
describe('rules that choose none', () => cacheConformance(() => onStore((store) => createRuleCache([{ ...matching, use: createNoCache() }], createContentCache(store))), test, { keepsNothing: true }));

describe('tiered', () => cacheConformance(() => twoStores((near, far) => createTieredCache([near, far])), test));
describe('tiered, the nearer only read', () => cacheConformance(() => twoStores((near, far) => createTieredCache([createReadOnlyCache(near), far])), test));
describe('tiered, the farther too old', () => cacheConformance(() => twoStores((near, far) => createTieredCache([createReadOnlyCache(near), createTtlCache(far, { seconds: 1 })])), test, { keepsNothing: true }));
describe('all of them', () =>
  cacheConformance(() => twoStores((near, far) => createRuleCache([{ op: 'copy', use: createNoCache() }], createTieredCache([createTtlCache(near, young), createReadOnlyCache(far)]))), test));

/** Places outside the store behind a strategy; one has something else than a cache, the other says of a key what only the store knows better. */
function withPlaces(inner: CacheStrategy, store: Store): CacheStrategy {
  const reader = (name: string, read: () => Buffer[]): CacheReader => ({ name, read: async () => read(), open: () => Readable.from([]) });
  const from = [reader('spoilt', () => [Buffer.from('{')]), reader('empty', () => [encodeCacheDocument({ layers: [], states: [], records: [{ key: digestOf('unasked'), identity: digestOf('unasked') }] })])];
  return new RemoteCache(inner, {
    store, from, to: [],
    graph: { vertices: [], results: [], stages: [], globals: [], warnings: [] },
    session: { has: async () => true, source: async () => ({ id: '' }), restore: async () => undefined },
    warn: () => undefined,
    task: (_name, work) => work(),
  });
}
describe('places outside the store', () => cacheConformance(() => onStore((store) => withPlaces(createContentCache(store), store)), test));
describe('places outside the store, behind what is only read', () => cacheConformance(() => onStore((store) => withPlaces(createReadOnlyCache(createContentCache(store)), store)), test, { keepsNothing: true }));

describe('frozen, of the examples', () => cacheConformance(() => onStore((store) => frozen(createContentCache(store))), test, { keepsNothing: true }));

// Results of the laws are of 2001.
describe('expiring, of the examples, young', () => cacheConformance(() => onStore((store) => expiring(createContentCache(store), 10_000, young.now)), test));
describe('expiring, of the examples, too old', () => cacheConformance(() => onStore((store) => expiring(createContentCache(store), 1000)), test, { keepsNothing: true }));
