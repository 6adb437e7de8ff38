import type { ApplyOptions, Backend, BackendSession, CacheStrategy, SessionOptions } from '@strake/api';
import { createMemoryBackend } from '../memory/memory-backend';
import { backendConformance, type BackendConformanceOptions } from './backend-conformance';
import { cacheConformance, type CacheConformanceOptions, type CacheSubject } from './cache-conformance';

type Tests = Map<string, () => Promise<void>>;

/** The laws that are broken, by name. */
async function broken(register: (test: (name: string, body: () => Promise<void>) => void) => void): Promise<readonly string[]> {
  const tests: Tests = new Map();
  register((name, body) => void tests.set(name, body));
  const names: string[] = [];
  for (const [name, body] of tests) await body().catch(() => names.push(name.replace(/^\w+: /, '')));
  return names;
}

describe('a backend', () => {
  const base = 'example.test/base:1';
  const memory = (): Backend => createMemoryBackend({ images: { [base]: { files: { 'bin/sh': '#!' } } }, programs: { '/bin/sh': () => undefined } });
  const hold = (change: (backend: Backend) => Backend, options: BackendConformanceOptions = { runsNothing: true }) =>
    broken((test) => backendConformance(async () => ({ backend: change(memory()), base, close: async () => undefined }), test, options));
  /** The same with another session. */
  const session = (change: (real: BackendSession, options: SessionOptions) => Partial<BackendSession>) => (backend: Backend): Backend => ({
    ...backend,
    open: async (options) => {
      const real = await backend.open(options);
      const own = Object.fromEntries((['sourceDigest', 'source', 'select', 'apply', 'has', 'image', 'archive', 'close'] as const).map((name) => [name, real[name]?.bind(real)]));
      return { ...own, ...change(real, options) } as unknown as BackendSession;
    },
  });

  test('that holds to all', async () => expect(await hold((backend) => backend)).toEqual([]));

  test.each<[string, (backend: Backend) => Backend, string]>([
    ['with a word of its own', (backend) => ({ ...backend, capabilities: { ...backend.capabilities, ops: new Set(['dance']) } }), 'its capabilities are words of the vocabulary'],
    ['that does not pin', (backend) => ({ ...backend, resolveImage: async (...of) => ({ ...(await backend.resolveImage(...of)), reference: of[0] }) }), 'an image is found, the same each time, and pinned by its digest'],
    ['that invents images', (backend) => ({ ...backend, resolveImage: (_reference, platform) => backend.resolveImage(base, platform) }), 'an image that is not there is IMAGE_MISSING'],
    ['that has everything', session(() => ({ has: async () => true })), 'a snapshot that never was is not there'],
    ['that selects by name only', session((real) => ({ select: async (...of) => { const made = await real.select(...of); return made && { ...made, digest: 'sha256:0' }; } })), 'a selection changes with names, content and modes of what it takes, and with nothing else'],
    ['that ignores modes', session((real) => ({ apply: (vertex, ...of) => real.apply({ ...vertex, ops: vertex.ops.map((op) => (op.type === 'copy' ? { ...op, chmod: '777' } : op)) }, ...of) })), 'a copy puts files where Docker puts them, owned by root'],
    ['that loses steps', session((real) => ({ apply: (vertex, _parent, ...of) => real.apply(vertex, null, ...of) })), 'each step is one layer on those of its base, and the image is what it says'],
    ['whose digests are wrong', session((real) => ({ image: async (...of) => { const image = await real.image(...of); return { ...image, configBytes: Buffer.from('{}') }; } })), 'an image of nothing has no layers'],
    ['that does not stop', session((real) => ({ apply: (vertex, parent, inputs, options: ApplyOptions) => real.apply(vertex, parent, inputs, { ...options, signal: new AbortController().signal }) })), 'a step that was cancelled before it began does not happen'],
    ['that writes in a dry run', session((_real, options) => (options.readonly === true ? { apply: async () => ({ id: 'x' }) } : {})), 'a session that only answers questions makes nothing'],
    ['that archives nothing', session(() => ({ archive: async function* archive() { yield Buffer.alloc(1024); } })), 'the archive of a state is its tree'],
    ['that tells the time', session((real) => ({ image: async (...of) => { const image = await real.image(...of); const { config } = image; return { ...image, config: { ...config, rootfs: { ...config.rootfs, diff_ids: [`sha256:${Math.random()}`] } } }; } })), 'with an epoch the same steps give the same layers on another day'],
  ])('%s', async (_what, change, law) => expect(await hold(change)).toContain(law));

  test('that says it runs programs', async () => {
    const names = await hold((backend) => backend, {});
    expect(names).toEqual(expect.arrayContaining(['a program has its words, variables and directory, and nothing of the machine that builds', 'a program that fails is STEP_FAILED with its exit code, and keeps nothing']));
    expect(names).not.toContain('it says that it can run them');
  });
});

describe('a cache', () => {
  const memory = (records = new Map<string, Parameters<CacheStrategy['record']>[1]>()): CacheStrategy => ({
    name: 'memory',
    lookup: async ({ key }) => {
      const found = records.get(key.digest);
      return found === undefined ? { hit: false, reason: 'never built' } : { hit: true, ...found };
    },
    record: async ({ key }, result) => void records.set(key.digest, result),
  });
  const hold = (make: () => Promise<CacheStrategy> | CacheStrategy, options: CacheConformanceOptions = {}): Promise<readonly string[]> =>
    broken((test) => cacheConformance(async (): Promise<CacheSubject> => ({ open: async () => make(), close: async () => undefined }), test, options));

  test('that forgets, and says so', async () => expect(await hold(memory, { forgets: true })).toEqual([]));
  test('that forgets, and does not say so', async () => expect(await hold(memory)).toEqual(['the next build finds what this one recorded']));
  test('that keeps, and says that it does not', async () => expect(await hold(memory, { keepsNothing: true })).toEqual(['it never hits, also after a record']));

  const always: CacheStrategy = { ...memory(), lookup: async () => ({ hit: true, snapshot: { id: 's' }, identity: 'sha256:0' }) };
  const telling: CacheStrategy = { ...memory(), lookup: async ({ vertex }) => ({ hit: false, reason: JSON.stringify(vertex.ops) }) };
  const silent: CacheStrategy = { ...memory(), lookup: async () => ({ hit: false, reason: '' }) };
  const byName = (): CacheStrategy => {
    const inner = memory();
    const renamed = ({ vertex, key, by }: Parameters<CacheStrategy['lookup']>[0]) => ({ vertex, by, key: { ...key, digest: `sha256:${vertex.note.name}` as const } });
    return { name: 'by name', lookup: (query) => inner.lookup(renamed(query)), record: (query, result) => inner.record(renamed(query), result) };
  };
  test.each<[string, () => CacheStrategy, string]>([
    ['that always hits', () => always, 'what was never recorded is a miss, which says why'],
    ['that tells values', () => telling, 'what was never recorded is a miss, which says why'],
    ['that says nothing', () => silent, 'what was never recorded is a miss, which says why'],
    ['keyed by names for people', byName, 'the place of a step in its file, and its name for people, change nothing'],
    ['keyed too coarsely', byName, 'what was recorded for one key answers no other'],
  ])('%s', async (_what, make, law) => expect(await hold(make, { forgets: true })).toContain(law));
});
