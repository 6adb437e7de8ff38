import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createContentCache, createTtlCache } from 'strake';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines, shell, type Machine, type Outcome } from './two-machines';

jest.setTimeout(120_000);

/** Two stages; the second takes one file of the first. */
const app = `${shell}FROM shell AS build
COPY src /src
RUN cat /src/* > /made && echo noise > /noise
FROM shell AS app
COPY --from=build /made /made
RUN echo last > /last
`;

const steps = { shell1: '[shell] COPY busybox /bin/busybox', shell2: '[shell] COPY busybox /bin/sh', src: '[build] COPY src /src', make: '[build] RUN cat /src/* > /made && echo noise > /noise', copy: '[app] COPY --from=build /made /made', last: '[app] RUN echo last > /last' } as const;

const all = (what: string): Outcome => Object.fromEntries(Object.values(steps).map((step) => [step, what]));

suite('a cache in a directory', buildsUnmet, () => {
  let machines: Machines;
  let first: Machine;
  let place: string;
  beforeAll(async () => {
    machines = new Machines('remote-caches');
    machines.write('src/a', 'a\n');
    place = `local ${join(machines.folder, 'max')}`;
    first = await machines.machine();
  });
  afterAll(() => machines.end());

  const from = { cacheFrom: ['type=local,src=max'] };

  test('with mode=max another machine finds every step, and needs the layers of its result alone', async () => {
    const made = await first.build(app, { cacheTo: ['type=local,dest=max,mode=max', 'type=local,dest=min'] });
    expect(made.steps).toEqual(all('made'));
    expect(made.tasks).toEqual([`exporting cache to ${place}`, `exporting cache to local ${join(machines.folder, 'min')}`]);
    const second = await machines.machine();
    expect(await second.plan(app, from)).toEqual(all(place));
    expect(second.content()).toEqual({ snapshots: 0, blobs: [] });
    const found = await second.build(app, from);
    expect([found.steps, found.imageId, found.warnings]).toEqual([all(place), made.imageId, []]);
    // Nothing was unpacked; of the layers those of the stage `build` were not brought.
    expect(second.content().snapshots).toBe(0);
    expect(second.content().blobs).toHaveLength(4 + 2);
    const again = await second.build(app);
    expect([again.steps, again.imageId]).toEqual([all('here'), made.imageId]);
  });

  test('with mode=min another machine finds every step, of the others their identities', async () => {
    const second = await machines.machine();
    const min = { cacheFrom: ['type=local,src=min'] };
    const found = await second.build(app, min);
    expect(found.steps).toEqual(all(`local ${join(machines.folder, 'min')}`));
    expect((await second.build(app)).steps).toEqual(all('here'));
    // What the stage `build` made is not in the cache: it is made anew where something needs it.
    const other = app.replace('/made /made', '/noise /made');
    const third = await machines.machine();
    expect((await third.build(other, min)).steps).toMatchObject({ [steps.src]: 'made', [steps.make]: 'made', [steps.shell2]: `local ${join(machines.folder, 'min')}` });
  });

  test('where one step is made, the layers that it stands on are brought, and no others', async () => {
    const second = await machines.machine();
    const changed = app.replace('echo last', 'cat /made && echo other');
    expect((await second.plan(changed, from))[steps.copy]).toBe(place);
    const { steps: found } = await second.build(changed, from);
    expect(Object.values(found).filter((what) => what === 'made')).toHaveLength(1);
    expect(second.content().snapshots).toBe(4);
    expect((await second.build(changed)).steps).toEqual(Object.fromEntries(Object.keys(found).map((step) => [step, 'here'])));
  });

  test('a copy is found by its files where another step made the same', async () => {
    const second = await machines.machine();
    const { steps: found } = await second.build(app.replace('echo noise', 'echo louder'), from);
    expect(found).toMatchObject({ [steps.src]: place, [steps.copy]: place, [steps.last]: place });
  });

  test('a machine that was given its steps gives all of them on, those by content too', async () => {
    const second = await machines.machine();
    await second.build(app, { ...from, cacheTo: ['type=local,dest=passed,mode=max'] });
    const third = await machines.machine();
    const passed = `local ${join(machines.folder, 'passed')}`;
    const { steps: found } = await third.build(app.replace('echo noise', 'echo quiet'), { cacheFrom: ['type=local,src=passed'] });
    expect(found).toMatchObject({ [steps.src]: passed, [steps.copy]: passed, [steps.last]: passed });
  });

  test('what prune leaves is as good as before', async () => {
    const second = await machines.machine();
    await second.build(app, { ...from, tags: ['app'] });
    await second.builder.images().prune({});
    expect((await second.build(app)).steps).toEqual(all('here'));
    await second.builder.images().prune({ all: true });
    expect((await second.build(app, from)).steps).toEqual(all(place));
  });

  test('--squash and an epoch give what they give without a cache', async () => {
    const second = await machines.machine();
    const tree = async (machine: Machine, more: object): Promise<readonly string[]> => (await machine.build(app, { ...more })).config.rootfs.diff_ids;
    expect(await tree(second, { ...from, squash: true })).toEqual(await tree(first, { squash: true }));
    const third = await machines.machine();
    expect(await tree(third, { ...from, buildArgs: { SOURCE_DATE_EPOCH: '1000' } })).toEqual(await tree(first, { buildArgs: { SOURCE_DATE_EPOCH: '1000' } }));
  });

  test('tags stand side by side; a reset leaves one', async () => {
    await first.build(app, { cacheTo: ['type=local,dest=tags,tag=one'] });
    await first.build(app.replace('echo last', 'echo two'), { cacheTo: ['type=local,dest=tags,tag=two'] });
    const second = await machines.machine();
    expect((await second.build(app, { cacheFrom: ['type=local,src=tags,tag=one'] })).steps[steps.last]).toBe(`local ${join(machines.folder, 'tags')}`);
    const blobs = (): number => readdirSync(join(machines.folder, 'tags/blobs/sha256')).length;
    const before = blobs();
    await second.build(app, { cacheFrom: ['type=local,src=tags,tag=one'], cacheTo: ['type=local,dest=tags,reset=true'] });
    expect(blobs()).toBeLessThan(before);
    expect((await (await machines.machine()).build(app, { cacheFrom: ['type=local,src=tags,tag=one'] })).warnings).toMatchObject([{ code: 'CacheNotImported', hint: 'It has latest.' }]);
    expect((await (await machines.machine()).build(app, { cacheFrom: ['type=local,src=tags'] })).steps[steps.last]).toBe(`local ${join(machines.folder, 'tags')}`);
  });

  test('compressions', async () => {
    await first.build(app, { cacheTo: ['type=local,dest=plain,mode=max,compression=uncompressed,force-compression'] });
    expect(readFileSync(join(machines.folder, 'plain/index.json'), 'utf8')).toContain('manifest');
    expect((await (await machines.machine()).build(app, { cacheFrom: ['type=local,src=plain'] })).steps).toEqual(all(`local ${join(machines.folder, 'plain')}`));
  });

  test('a build that fails writes nothing; one that cannot write fails, or warns where that is wanted', async () => {
    await expect(first.build(`${app}RUN exit 3\n`, { cacheTo: ['type=local,dest=failed'] })).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(existsSync(join(machines.folder, 'failed'))).toBe(false);
    machines.remove('taken');
    writeFileSync(join(machines.folder, 'taken'), '');
    await expect(first.build(app, { cacheTo: ['type=local,dest=taken'] })).rejects.toMatchObject({ code: 'USAGE' });
    expect((await first.build(app, { cacheTo: ['type=local,dest=taken,ignore-error=true'] })).warnings).toMatchObject([{ code: 'CacheNotExported' }]);
  });

  test('a place without a cache is a warning', async () => {
    const { warnings } = await first.build(app, { cacheFrom: ['type=local,src=nowhere'] });
    expect(warnings).toMatchObject([{ code: 'CacheNotImported', message: expect.stringContaining('nowhere') as string }]);
  });

  test('what a strategy refuses stays refused', async () => {
    const now = (): number => Date.now() + 10_000;
    const old = await machines.machine({ cache: ({ store }) => createTtlCache(createContentCache(store), { seconds: 5, now }) });
    expect(Object.values(await old.plan(shell, from))).toEqual(['made', 'made']);
    expect(Object.values((await old.build(shell, from)).steps)).toEqual(['made', 'made']);
    const none = await machines.machine({ cache: 'none' });
    expect(Object.values((await none.build(shell, from)).steps)).toEqual(['made', 'made']);
  });
});
