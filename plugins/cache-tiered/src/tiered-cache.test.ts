import type { CacheAnswer, CacheQuery, CacheResult, CacheStrategy } from '@strake/api';
import { createTieredCache } from '.';

const query = { key: { digest: 'sha256:0', parts: [] }, by: 'content', vertex: { digest: 'sha256:1', ops: [], parent: null, inputs: [], note: { name: 'x', stage: '0' } } } as const satisfies CacheQuery;
const hit = (id: string): CacheAnswer => ({ hit: true, snapshot: { id }, identity: 'sha256:2', created: 5 });
const miss: CacheAnswer = { hit: false, reason: 'never built' };

/** A strategy that answers one thing, and writes down what it is told. */
function tier(name: string, answer: CacheAnswer, told: unknown[]): CacheStrategy {
  return {
    name,
    lookup: async () => (told.push([name, 'lookup']), answer),
    record: async (_query, result: CacheResult) => void told.push([name, 'record', result.snapshot.id]),
    begin: async ({ id }) => void told.push([name, 'begin', id]),
  };
}

test.each<[string, readonly [CacheAnswer, CacheAnswer], unknown, readonly unknown[]]>([
  ['the nearest first', [hit('near'), hit('far')], hit('near'), [['near', 'lookup']]],
  ['what is far is copied up', [miss, hit('far')], hit('far'), [['near', 'lookup'], ['far', 'lookup'], ['near', 'record', 'far']]],
  ['the first reason counts', [miss, { hit: false, reason: 'other' }], miss, [['near', 'lookup'], ['far', 'lookup']]],
  ['what is refused counts more', [miss, { hit: false, reason: 'old', refused: true }], { hit: false, reason: 'old', refused: true }, [['near', 'lookup'], ['far', 'lookup']]],
  ['a snapshot that can be had goes before one that cannot', [hit('gone'), hit('far')], hit('far'), [['near', 'lookup'], ['far', 'lookup'], ['near', 'record', 'far']]],
  ['one that cannot is better than none', [hit('gone'), miss], hit('gone'), [['near', 'lookup'], ['far', 'lookup']]],
])('%s', async (_what, [near, far], answer, calls) => {
  const told: unknown[] = [];
  const cache = createTieredCache([tier('near', near, told), tier('far', far, told)], { here: ({ snapshot }) => snapshot.id !== 'gone' });
  expect(await cache.lookup(query)).toEqual(answer);
  expect(told).toEqual(calls);
});

test('what is made is recorded by all, and all hear of the build', async () => {
  const told: unknown[] = [];
  const cache = createTieredCache([tier('near', miss, told), tier('far', miss, told)]);
  await cache.begin?.({ id: 'b', project: '' }, new AbortController().signal);
  await cache.record(query, { snapshot: { id: 's' }, identity: 'sha256:2' });
  expect(told).toEqual([['near', 'begin', 'b'], ['far', 'begin', 'b'], ['near', 'record', 's'], ['far', 'record', 's']]);
});
