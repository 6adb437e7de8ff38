import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplyOptions, BackendSession, GraphResult, Image, SnapshotReference, Vertex } from '@strake/api';
import { digestOf, openStore, validate } from '@strake/oci';
import { applyOps, canMount, copyOp, putBusybox, RealSession, runOp } from './test-support/real-session';

const PLATFORM = { os: 'linux', architecture: 'amd64' };

(canMount && existsSync('/bin/busybox') ? describe : describe.skip)('layers of their own', () => {
  let real: RealSession;
  let session: BackendSession;
  beforeEach(async () => {
    real = new RealSession();
    session = await real.open();
  });
  afterEach(() => real.close());

  const merge = (parent: SnapshotReference | null, ...layers: readonly SnapshotReference[]): Promise<SnapshotReference> =>
    applyOps(session, parent, [{ type: 'merge', inputs: layers.map((_, index) => index) }], layers.map((snapshot) => ({ kind: 'snapshot', snapshot })));
  const imageOf = (snapshot: SnapshotReference): Promise<Image> => {
    const history = real.store.snapshots.chain(snapshot.id).map(() => ({}));
    return session.image({ platform: PLATFORM, root: null, config: { ...PLATFORM, config: {} }, history } satisfies GraphResult, snapshot);
  };
  const diffIds = async (snapshot: SnapshotReference): Promise<readonly string[]> => (await imageOf(snapshot)).config.rootfs.diff_ids;
  /** What a program would see. */
  const seen = async (snapshot: SnapshotReference, path = '/'): Promise<string> => {
    const copied = await applyOps(session, null, [copyOp([path], '/seen')], [{ kind: 'snapshot', snapshot }]);
    return real.at(copied, 'seen');
  };

  test('one layer stands on two bases, and is written once', async () => {
    real.put('f', 'linked');
    const layer = await applyOps(session, null, [copyOp(['f'], '/d/f')]);
    const bases = await Promise.all(['one', 'two'].map((content) => applyOps(session, null, [{ type: 'mkfile', path: '/base', content, mode: 0o644 }])));
    const merged = await Promise.all(bases.map((base) => merge(base, layer)));
    for (const [index, snapshot] of merged.entries()) {
      const root = await seen(snapshot);
      expect([readFileSync(join(root, 'base'), 'utf8'), readFileSync(join(root, 'd/f'), 'utf8')]).toEqual([['one', 'two'][index], 'linked']);
      expect(real.store.snapshots.directory(snapshot.id)).toBe(real.store.snapshots.directory(layer.id));
      expect(readdirSync(real.store.snapshots.folder(snapshot.id))).toEqual(['meta.json']);
    }
    const [one, two] = await Promise.all(merged.map(diffIds));
    expect(one?.[1]).toBe(two?.[1]);
    expect(one?.[1]).toBe((await diffIds(layer))[0]);
    expect(one?.[0]).not.toBe(two?.[0]);
  });

  test('a link of the stage is hidden, not followed; a file hides a directory', async () => {
    mkdirSync(join(real.folder, 'context/links'), { recursive: true });
    symlinkSync('/etc', join(real.folder, 'context/links/d'));
    real.put('f', 'mine');
    const base = await applyOps(session, null, [copyOp(['links'], '/'), { type: 'mkfile', path: '/etc/g', content: '', mode: 0o644 }, { type: 'mkfile', path: '/t/in', content: '', mode: 0o644 }]);
    const root = await seen(await merge(base, await applyOps(session, null, [copyOp(['f'], '/d/f'), copyOp(['f'], '/t')])));
    expect(lstatSync(join(root, 'd')).isDirectory()).toBe(true);
    expect(readdirSync(join(root, 'etc'))).toEqual(['g']);
    expect(readFileSync(join(root, 't'), 'utf8')).toBe('mine');
  });

  test('the same layer twice, with a program between that removes from it', async () => {
    putBusybox(real);
    real.put('d/a');
    real.put('d/b');
    const layer = await applyOps(session, null, [copyOp(['d'], '/d')]);
    const first = await merge(await applyOps(session, null, [copyOp(['bin'], '/bin')]), layer);
    const removed = await applyOps(session, first, [runOp('rm /d/a; rm -rf /bin/mknod')]);
    expect(readdirSync(await seen(removed, '/d'))).toEqual(['b']);
    const again = await merge(await merge(removed, layer), layer);
    expect(readdirSync(await seen(again, '/d'))).toEqual(['a', 'b']);
    expect(readdirSync(await seen(await applyOps(session, again, [runOp('rm -rf /d && mkdir /d')]), '/d'))).toEqual([]);
    expect(await diffIds(again)).toHaveLength(5);
    expect(await validate(await imageOf(again))).toEqual([]);
  });

  test('several layers, with what they remove, and one on nothing at all', async () => {
    putBusybox(real);
    const base = await applyOps(session, null, [copyOp(['bin'], '/bin'), { type: 'mkfile', path: '/x', content: 'x', mode: 0o644 }]);
    const removed = await applyOps(session, base, [runOp('rm /x')]);
    const other = await applyOps(session, null, [{ type: 'mkfile', path: '/x', content: 'other', mode: 0o644 }, { type: 'mkfile', path: '/y', content: 'y', mode: 0o644 }]);
    expect(readdirSync(await seen(await merge(other, removed)))).toEqual(['bin', 'y']);
    const alone = await merge(null, other);
    expect(readdirSync(await seen(alone))).toEqual(['x', 'y']);
    await expect(merge(null)).rejects.toMatchObject({ code: 'INTERNAL' });
  });

  test('it survives pruning as long as somebody needs it, and goes with its last user', async () => {
    real.put('f', 'f'.repeat(10_000));
    const layer = await applyOps(session, null, [copyOp(['f'], '/f')]);
    const base = await applyOps(session, null, [{ type: 'mkfile', path: '/base', content: '', mode: 0o644 }]);
    const merged = await merge(base, layer);
    const image = await imageOf(merged);
    const keys = real.store.cacheRecords('keys');
    keys.set(digestOf('merged'), { snapshot: merged.id, identity: digestOf('i'), created: '' });
    await session.close();
    const store = openStore(real.store.root);
    expect((await store.prune()).deleted).toEqual([]);
    expect(store.snapshots.has(merged.id)).toBe(true);
    store.names.set('docker.io/library/linked:1', image.manifest);
    // The image alone needs the layer's bytes, not the place where it stood.
    expect((await store.prune({ all: true })).deleted.filter((line) => line.startsWith('snapshot'))).toEqual([`snapshot ${merged.id}`]);
    expect(await validate(image)).toEqual([]);
    store.names.delete('docker.io/library/linked:1');
    const { deleted, reclaimed } = await store.prune({ all: true });
    expect(deleted.filter((line) => line.startsWith('snapshot'))).toHaveLength(2);
    expect(reclaimed).toBeGreaterThan(10_000);
    expect(store.snapshots.list()).toEqual([]);
    store.close();
  });

  test('without its first place it counts as missing', async () => {
    real.put('f');
    const layer = await applyOps(session, null, [copyOp(['f'], '/f')]);
    const merged = await merge(null, layer);
    await session.image({ platform: PLATFORM, root: null, config: { ...PLATFORM, config: {} }, history: [{}] }, merged);
    real.store.snapshots.delete(layer.id);
    expect(real.store.snapshots.has(merged.id)).toBe(false);
    expect(() => real.store.snapshots.chain(merged.id)).toThrow(expect.objectContaining({ code: 'STORE_INVALID' }));
  });

  test('--parents: directories that are there keep their owner, and take the source\'s mode', async () => {
    real.put('a/b/f');
    real.put('a/b/g');
    const below = await applyOps(session, null, [{ type: 'mkdir', path: '/out/a', mode: 0o700 }, { type: 'mkfile', path: '/etc/passwd', content: 'app:x:7:8:::\n', mode: 0o644 }]);
    chownSync(real.at(below, 'out/a'), 5, 6);
    const made = await applyOps(session, below, [copyOp(['a/b/f', 'a/./b/g'], '/out/', { parents: true, chown: 'app', chmod: 'go=' })]);
    const root = await seen(made, '/out');
    const facts = (path: string): readonly unknown[] => [lstatSync(join(root, path)).uid, lstatSync(join(root, path)).gid, (lstatSync(join(root, path)).mode & 0o7777).toString(8)];
    expect([facts('a'), facts('a/b'), facts('a/b/f'), facts('b/g')]).toEqual([[5, 6, '755'], [7, 8, '700'], [7, 8, '600'], [7, 8, '600']]);
  });

  test('an owner that nobody knows is root, with a warning', async () => {
    real.put('f');
    const base = await applyOps(session, null, [{ type: 'mkfile', path: '/etc/passwd', content: 'app:x:7:8:::\n', mode: 0o644 }]);
    const warnings: unknown[] = [];
    const vertex: Vertex = { digest: 'sha256:0', ops: [copyOp(['f'], '/f', { chown: 'ghost' }), copyOp(['f'], '/g', { chown: 'app:ghosts' })], parent: null, inputs: [], note: { name: 'test', stage: '0' } };
    const options: ApplyOptions = { signal: new AbortController().signal, log: () => undefined, progress: () => undefined, warn: (warning) => warnings.push(warning) };
    const made = await session.apply(vertex, base, [{ kind: 'context', name: '' }], options);
    expect([lstatSync(real.at(made, 'f')).uid, lstatSync(real.at(made, 'g')).uid, lstatSync(real.at(made, 'g')).gid]).toEqual([0, 7, 8]);
    expect(warnings).toMatchObject([{ code: 'INVALID_FLAG', message: 'there is no user ghost in /etc/passwd: root becomes the owner' }, { message: "there is no group ghosts in /etc/group: the user's own group is taken" }]);
  });

  test('a file that is there already exactly so is not in the layer; one that only looks so is', async () => {
    for (const path of ['same', 'touched', 'other']) utimesSync(real.put(path, 'one'), 5, 5);
    const base = await applyOps(session, null, [copyOp(['.'], '/d')]);
    utimesSync(join(real.folder, 'context/touched'), 6, 6);
    writeFileSync(join(real.folder, 'context/other'), 'two');
    utimesSync(join(real.folder, 'context/other'), 5, 5);
    session = await real.open();
    const made = await applyOps(session, base, [copyOp(['same', 'touched', 'other'], '/d/')]);
    expect(readdirSync(real.at(made, 'd'))).toEqual(['other', 'touched']);
    expect(readFileSync(real.at(made, 'd/other'), 'utf8')).toBe('two');
    const moded = await applyOps(session, base, [copyOp(['same'], '/d/', { chmod: '600' })]);
    expect(readdirSync(real.at(moded, 'd'))).toEqual(['same']);
  });
});
