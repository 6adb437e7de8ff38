import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CacheMiss, CacheQuery, KeyPart, VertexNote } from '@strake/api';
import { changeText } from '@strake/api';
import { openStore } from '@strake/oci';
import { createContentCache, explainMiss, type NamedDigest, type StepRecord } from '.';
import { fileAspects } from './file-aspects';

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
    expect(answer).toMatchObject({ hit: false, reason: 'file changed changed, file new is new, file gone is gone' });
  });

  test('a store that is only read is asked, and stays as it is', async () => {
    const cache = createContentCache(openStore(join(folder, 'none'), { readonly: true }));
    await expect(cache.lookup(query('a', []))).resolves.toEqual({ hit: false, reason: 'never built' });
  });
});

describe('explaining a miss', () => {
  const at = '2026-01-02T03:04:05.000Z';
  const before: readonly NamedDigest[] = [['parent', 'p'], ['command:0', 'c'], ['env:A', '1', 'one'], ['user:0', 'u', '']];
  const last: StepRecord = { text: 'RUN make', at, build: 'abc', parts: before, members: {} };
  const parts = (changes: Record<string, string>): KeyPart[] => before.map(([name, value]) => ({ name, digest: changes[name] ?? value }));
  const explain = (now: readonly KeyPart[], text = 'RUN make', more: Partial<VertexNote> = {}): CacheMiss =>
    explainMiss({ key: { digest: digest('k'), parts: now }, vertex: { digest: digest('v'), ops: [], parent: null, inputs: [], note: { name: `[build 2/3] ${text}`, stage: 'build', ...more } } }, last);
  const shown = (name: string, value: string): KeyPart => ({ name, digest: value, value: () => value });
  const without = (name: string): KeyPart[] => parts({}).filter((part) => part.name !== name);

  test.each<[string, CacheMiss, string]>([
    ['a variable', explain(parts({ 'env:A': '2' })), 'variable A changed'],
    ['a variable that everybody may read', explain([...without('env:A'), shown('env:A', 'two')]), 'variable A changed from "one" to "two"'],
    ['a build argument', explain([...without('env:A'), shown('env:A', 'two')], 'RUN make', { arguments: ['A'] }), 'build argument A changed from "one" to "two"'],
    ['a new variable, and so their order', explain([...parts({}), { name: 'env:B', digest: '1' }, { name: 'env-order:0', digest: '2' }]), 'variable B is new'],
    ['what runs', explain(parts({ 'command:0': 'x' }), 'RUN make all'), 'the instruction was "RUN make"'],
    ['the text by a variable alone', explain(parts({ 'env:A': '2' }), 'RUN make 2'), 'variable A changed'],
    ['only the parent', explain(parts({ parent: 'x' })), 'it stands on another state than when it was built last'],
    ['the parent and more', explain(parts({ parent: 'x', 'user:0': 'x' })), 'the user changed'],
    ['an image in the place of a step', explain([...without('parent'), shown('parent', `docker.io/library/a:1@sha256:${'b'.repeat(64)}`)]), 'it stands on another state than when it was built last'],
    ['nothing', explain(parts({})), 'built before, but not kept'],
    ['a part that is gone', explain(without('user:0')), 'the user is gone'],
  ])('%s', (_what, miss, reason) => {
    expect(miss).toMatchObject({ reason, against: { at: Date.parse(at), build: 'abc' } });
  });

  test('of a base the digests, of another base the names', () => {
    const change = (name: string, from: string, to: string): string => changeText({ what: 'base', name, how: 'changed', before: from, after: to });
    const [old, now] = ['a', 'b'].map((letter) => `sha256:${letter.repeat(64)}`);
    expect(change('base:1', `base:1@${old}`, `base:1@${now}`)).toBe('the image base:1 changed from aaaaaaaaaaaa to bbbbbbbbbbbb');
    expect(change('base:2', `base:1@${old}`, `base:2@${now}`)).toBe('the image was "base:1", is "base:2"');
  });

  test.each<[string, string, readonly string[]]>([
    ['file:644:aa', 'file:755:aa', ['mode']],
    ['file:644:0.0:aa', 'file:644:5.0:bb', ['content', 'owner']],
    ['file:644:aa', 'symlink:777:bb', ['type', 'content', 'mode']],
    ['file:644:aa', 'file:644:aa:cc', ['attributes']],
    ['1', '2', []],
  ])('of a file %s → %s', (old, now, aspects) => {
    expect(fileAspects(old, now)).toEqual(aspects);
  });

  test('a long list is cut, and is whole as data', () => {
    const now = [...parts({}), ...'bcdef'.split('').map((name) => ({ name: `env:${name}`, digest: '1' }))];
    expect(explain(now)).toMatchObject({ reason: 'variable b is new, variable c is new, variable d is new and 2 more', changes: { length: 5 } });
  });

  test('equal instructions of a stage have histories of their own, and so has what puts a linked layer on its stage', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strake-cache-'));
    const cache = createContentCache(openStore(folder));
    const merge = [{ type: 'merge', inputs: [0] }] as const;
    const kinds = [[{}, []], [{ occurrence: 2 }, []], [{}, merge], [{ occurrence: 2 }, merge]] as const;
    const of = (more: Partial<VertexNote>, ops: CacheQuery['vertex']['ops'], value: string): CacheQuery => {
      const { key, vertex } = query(`${kinds.findIndex(([one]) => one === more)}${ops.length}${value === 'new' ? 'e' : 'f'}`, [{ name: 'env:A', digest: value, value: () => value }]);
      return { by: 'content', key, vertex: { ...vertex, ops, note: { ...vertex.note, ...more } } };
    };
    for (const [at, [more, ops]] of kinds.entries()) await cache.record(of(more, ops, `${at}`), { snapshot: { id: 's' }, identity: digest('i') });
    for (const [at, [more, ops]] of kinds.entries()) expect(await cache.lookup(of(more, ops, 'new'))).toMatchObject({ reason: `variable A changed from "${at}" to "new"` });
    rmSync(folder, { recursive: true });
  });

  test('a step is known again by its text where it stands elsewhere, by its place where its text is new', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'strake-cache-'));
    const cache = createContentCache(openStore(folder));
    const at = (place: string, text: string, command: string): CacheQuery => {
      const { key, vertex } = query(`${place}${command}`, [{ name: 'parent', digest: place }, { name: 'command:0', digest: command }]);
      return { by: 'content', key, vertex: { ...vertex, note: { name: `[build ${place}/3] ${text}`, stage: 'build' } } };
    };
    await cache.record(at('2', 'RUN a', 'a'), { snapshot: { id: 's' }, identity: digest('i') });
    expect(await cache.lookup(at('3', 'RUN a', 'a'))).toMatchObject({ reason: 'it stands on another state than when it was built last' });
    expect(await cache.lookup(at('2', 'RUN b', 'b'))).toMatchObject({ reason: 'the instruction was "RUN a"' });
    rmSync(folder, { recursive: true });
  });
});
