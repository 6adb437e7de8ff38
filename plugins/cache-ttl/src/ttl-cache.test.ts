import type { CacheQuery, CacheStrategy } from '@strake/api';
import { createTtlCache } from '.';

const query = { key: { digest: 'sha256:0', parts: [] }, by: 'content', vertex: { digest: 'sha256:1', ops: [], parent: null, inputs: [], note: { name: 'x', stage: '0' } } } as const satisfies CacheQuery;
const hit = { hit: true, snapshot: { id: 's' }, identity: 'sha256:2' } as const;
const inner = (created?: number): CacheStrategy => ({ name: 'inner', lookup: async () => ({ ...hit, ...(created === undefined ? {} : { created }) }), record: async () => undefined });

test.each<[string, number | undefined, unknown]>([
  ['young', 1000, { ...hit, created: 1000 }],
  ['as old as it may be', 0, { ...hit, created: 0 }],
  ['older', -1000, { hit: false, reason: 'made 61 seconds ago, which is more than 60 seconds', refused: true }],
  ['of no age', undefined, { hit: false, reason: 'the cache does not say how old it is', refused: true }],
])('%s', async (_what, created, answer) => {
  expect(await createTtlCache(inner(created), { seconds: 60, now: () => 60_000 }).lookup(query)).toEqual(answer);
});

test('a miss stays one', async () => {
  const missing: CacheStrategy = { ...inner(), lookup: async () => ({ hit: false, reason: 'never built' }) };
  expect(await createTtlCache(missing, { seconds: 60 }).lookup(query)).toEqual({ hit: false, reason: 'never built' });
});
