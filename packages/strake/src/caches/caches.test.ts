import type { UsageEntry } from '@strake/oci';
import { createBuilder, type Builder } from '../create-builder';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';
import { entryFilter } from './entry-filter';
import { parseSpace } from './parse-space';

jest.setTimeout(60_000);

describe('sizes', () => {
  test.each([['10GB', 10e9], ['512MiB', 512 * 1024 ** 2], ['1.5k', 1500], ['20%', 200], ['7', 7], [7, 7], ['0', 0]] as const)('%s', (written, bytes) => {
    expect(parseSpace(written, 1000, 'max used space')).toBe(bytes);
  });

  test.each(['', 'much', '-1', '101%', '1.5.5', '10XB', NaN, -1, 1.5])('%s is refused', (written) => {
    expect(() => parseSpace(written, 1000, 'max used space')).toThrow(/^max used space: ".*" is no size$/);
  });
});

describe('filters', () => {
  const entry: UsageEntry = { type: 'step', id: 'abc', description: '[1/2] RUN npm ci', size: 1, created: 0, used: 1_000_000, parents: ['base'], inUse: false };
  const matches = (...filters: readonly string[]): boolean => entryFilter(filters, 1_000_000 + 3_600_000)(entry);

  test.each(['type=step', 'type=regular', 'type!=mount', 'type!=exec.cachemount', 'id=abc', 'description~=npm', 'parents=base', 'inuse=false', 'until=1h', 'unused-for=30m'])('%s lets it through', (filter) => {
    expect(matches(filter)).toBe(true);
  });

  test.each(['type=mount', 'type=source.local', 'type!=regular', 'id=ab', 'description=npm', 'description~=^npm', 'parents=other', 'inuse', 'inuse=true', 'until=61m'])('%s does not', (filter) => {
    expect(matches(filter)).toBe(false);
  });

  test('all must be true', () => {
    expect(matches('type=step', 'inuse=false')).toBe(true);
    expect(matches('type=step', 'inuse=true')).toBe(false);
  });

  test.each([
    ['typ=step', 'unknown filter', 'Did you mean type?'],
    ['type=mont', 'there is no type "mont"', 'Did you mean mount?'],
    ['until=soon', '"soon" is no duration', 'Write 90m, 24h or 7d.'],
    ['description~=(', '"(" is no regular expression', undefined],
    ['', 'unknown filter', expect.stringMatching(/^Known: /)],
  ])('%s is refused', (filter, message, hint) => {
    expect(() => entryFilter([filter], 0)).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message), ...(hint === undefined ? {} : { hint }) }));
  });
});

describeBuilds('what is in a store', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder });
    scratch.write('Dockerfile', `${shell}RUN --mount=type=cache,target=/c,id=npm echo 1 > /c/f\nARG V\nRUN head -c 100000 /dev/zero > /big && echo $V > /v\n`);
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  const build = (V: string) => builder.build({ context: 'context', tags: ['app:1'], buildArgs: { V } });
  const shown = async (all = false) => (await builder.caches().list({ all })).map(({ type, description, inUse }) => `${type} ${description.replace(/^\[.*?\] /, '').slice(0, 8)} ${inUse ? 'in use' : ''}`.trim());

  test('steps, mounts and images are told, with what they are for', async () => {
    await build('1');
    await build('2');
    const list = await shown();
    expect(list).toContain('mount npm');
    expect(list.filter((line) => line === 'step RUN head in use')).toHaveLength(2);
    const all = await shown(true);
    expect(all.filter((line) => line.startsWith('image'))).toHaveLength(1);
    expect(all.filter((line) => line === 'step RUN head')).toHaveLength(1);
  });

  test('how often steps were found is remembered', async () => {
    const { builds, found, made, latest } = await builder.caches().statistics();
    expect([builds, found, made]).toEqual([2, 3, 5]);
    expect(latest[0]).toMatchObject({ found: 3, made: 1, project: scratch.context });
  });

  test('what goes does not hurt the image that stays, and the next build is right', async () => {
    const { removed } = await builder.caches().prune({ all: true });
    expect(removed.map(({ type }) => type).sort()).toEqual(expect.arrayContaining(['image', 'mount', 'step']));
    expect((await shown(true)).every((line) => line.endsWith('in use'))).toBe(true);
    const events: string[] = [];
    await builder.build({ context: 'context', tags: ['app:1'], buildArgs: { V: '2' }, onEvent: ({ type }) => events.push(type) });
    expect(events.filter((type) => type === 'cached')).toHaveLength(4);
  });

  test('a policy keeps a store in bounds after each build', async () => {
    const bounded = await createBuilder({ store: scratch.store, cwd: scratch.folder, garbage: { maxUsedSpace: 50_000 } });
    try {
      for (const V of ['3', '4']) await bounded.build({ context: 'context', tags: ['app:1'], buildArgs: { V } });
      expect((await bounded.caches().list({ all: true })).filter(({ inUse, description }) => !inUse && description.includes('RUN head'))).toEqual([]);
    } finally {
      await bounded.close();
    }
  });

  test('a policy that is none is refused before anything is built', async () => {
    await expect(createBuilder({ garbage: { maxUsedSpace: 'lots' } })).rejects.toMatchObject({ code: 'USAGE', message: 'max used space: "lots" is no size' });
  });

  test('a name that means nothing is told', async () => {
    await expect(builder.caches().prune({ names: ['mpn'] })).rejects.toMatchObject({ code: 'USAGE', message: 'there is no cache mpn' });
  });
});
