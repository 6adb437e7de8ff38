import { createContentCache } from '@strake/cache-content';
import { createNoCache } from '@strake/cache-none';
import { openStore, type Store } from '@strake/oci';
import { cacheConformance, frozenClock, type CacheSubject } from '@strake/testing';
import type { CacheStrategy } from 'strake';
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

describe('content', () => cacheConformance(() => onStore(createContentCache), test));

describe('none', () => cacheConformance(() => onStore(() => createNoCache()), test, { keepsNothing: true }));

describe('frozen, of the examples', () => cacheConformance(() => onStore((store) => frozen(createContentCache(store))), test, { keepsNothing: true }));

describe('expiring, of the examples', () => {
  cacheConformance(async () => {
    const [clock, recorded] = [frozenClock(), new Map()];
    return onStore((store) => expiring(createContentCache(store), 1000, { now: clock.now, recorded }));
  }, test);
});
