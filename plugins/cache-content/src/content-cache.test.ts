import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CacheQuery, KeyPart } from '@strake/api';
import { openStore } from '@strake/oci';
import { createContentCache, explainMiss } from '.';

const digest = (text: string) => `sha256:${text}` as const;

function query(key: string, parts: readonly KeyPart[]): CacheQuery {
  const note = { name: '[build 2/3] COPY . .', stage: 'build' };
  return { by: 'content', key: { digest: digest(key.padEnd(64, '0')), parts }, vertex: { digest: digest('v'), ops: [], parent: null, inputs: [], note } };
}

const files = (...members: readonly (readonly [string, string])[]): KeyPart => ({ name: 'files:0', digest: JSON.stringify(members), members: () => members });

describe('the content cache', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-cache-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('what was recorded is found, by another process too', async () => {
    const key = query('a', [files(['x', '1'])]);
    await createContentCache(openStore(folder)).record(key, { snapshot: { id: 's' }, identity: key.key.digest, created: 1000 });
    await expect(createContentCache(openStore(folder)).lookup(key)).resolves.toEqual({ hit: true, snapshot: { id: 's' }, identity: key.key.digest, created: 1000 });
  });

  test('a miss names the file that changed since the step was built last', async () => {
    const cache = createContentCache(openStore(folder));
    const before = query('a', [files(['kept', '1'], ['changed', '1'], ['gone', '1'])]);
    await cache.record(before, { snapshot: { id: 's' }, identity: before.key.digest });
    const answer = await cache.lookup(query('b', [files(['kept', '1'], ['changed', '2'], ['new', '1'])]));
    expect(answer).toEqual({ hit: false, reason: 'file changed changed, file new is new, file gone is gone' });
  });

  test('a store that is only read is asked, and stays as it is', async () => {
    const cache = createContentCache(openStore(join(folder, 'none'), { readonly: true }));
    await expect(cache.lookup(query('a', []))).resolves.toEqual({ hit: false, reason: 'never built' });
  });
});

describe('explaining a miss', () => {
  const last = { parts: [['parent', 'p'], ['command:0', 'c'], ['env:A', '1'], ['user:0', 'u']], members: {} } as const;
  const parts = (changes: Record<string, string>): KeyPart[] => last.parts.map(([name, value]) => ({ name, digest: changes[name] ?? value }));

  test.each<[string, readonly KeyPart[], string]>([
    ['a variable', parts({ 'env:A': '2' }), 'variable A changed'],
    ['a new variable', [...parts({}), { name: 'env:B', digest: '1' }], 'variable B is new'],
    ['what runs', parts({ 'command:0': 'x' }), 'the command changed'],
    ['only the parent', parts({ parent: 'x' }), 'an earlier step changed'],
    ['the parent and more', parts({ parent: 'x', 'user:0': 'x' }), 'the user changed'],
    ['nothing', parts({}), 'built before, but not kept'],
    ['a part that is gone', parts({}).slice(0, 3), 'the user is gone'],
  ])('%s', (_what, now, reason) => {
    expect(explainMiss(now, last)).toBe(reason);
  });

  test('a long list is cut', () => {
    const now = 'abcde'.split('').map((name) => ({ name: `env:${name}`, digest: '1' }));
    expect(explainMiss(now, { parts: [], members: {} })).toBe('variable a is new, variable b is new, variable c is new and 2 more');
  });
});
