import { existsSync, linkSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { BackendSession, GraphResult, Image, SnapshotReference } from '@strake/api';
import { openStore } from '@strake/oci';
import { getXattr, setXattr } from '@strake/syscalls';
import { createEmbeddedBackend } from '.';
import { applyOps, canMount, copyOp, putBusybox, RealSession, runOp } from './test-support/real-session';

const PLATFORM = { os: 'linux', architecture: process.arch === 'x64' ? 'amd64' : process.arch };

(canMount && existsSync('/bin/busybox') ? describe : describe.skip)('snapshots', () => {
  let real: RealSession;
  let session: BackendSession;
  beforeEach(async () => {
    real = new RealSession();
    session = await real.open();
  });
  afterEach(() => real.close());

  const isWhiteout = (path: string): boolean => lstatSync(path).isCharacterDevice() && lstatSync(path).rdev === 0;
  const imageOf = (snapshot: SnapshotReference, layers: number): Promise<Image> => {
    const config: GraphResult['config'] = { ...PLATFORM, config: {} };
    return session.image({ platform: PLATFORM, root: null, config, history: Array.from({ length: layers }, () => ({})) }, snapshot);
  };

  /** Layers that hide: a file removed, a directory made anew. */
  async function hiding(): Promise<SnapshotReference> {
    putBusybox(real);
    for (const path of ['t/gone', 't/kept', 't/d/old']) real.put(path);
    linkSync(join(real.folder, 'context/t/kept'), join(real.folder, 'context/t/link'));
    const filled = await applyOps(session, await applyOps(session, null, [copyOp(['bin'], '/bin')]), [copyOp(['t'], '/t')]);
    return applyOps(session, filled, [runOp('rm /t/gone; rm -rf /t/d && mkdir /t/d')]);
  }

  test('what a program removes is hidden, what it makes anew hides what was below', async () => {
    const made = await hiding();
    expect(isWhiteout(real.at(made, 't/gone'))).toBe(true);
    expect(getXattr(real.at(made, 't/d'), 'trusted.overlay.opaque')?.toString()).toBe('y');
    const seen = await applyOps(session, null, [copyOp(['/t'], '/seen')], [{ kind: 'snapshot', snapshot: made }]);
    expect(readdirSync(real.at(seen, 'seen'))).toEqual(['d', 'kept', 'link']);
    expect(readdirSync(real.at(seen, 'seen/d'))).toEqual([]);
  });

  test('a base image is found and unpacked with all that hides and links, once by two builds', async () => {
    const image = await imageOf(await hiding(), 3);
    const other = openStore(join(real.folder, 'other'));
    for (const layer of image.layers) await other.blobs.ingest(layer.open(), layer.descriptor).then((blob) => other.layers.set(layer.diffId, { diffId: layer.diffId, size: blob.size, blob }));
    other.blobs.write(image.configDescriptor.mediaType, image.configBytes);
    other.names.set('docker.io/library/base:latest', other.blobs.write(image.manifest.mediaType, image.manifestBytes));
    const backend = createEmbeddedBackend({ store: other, env: process.env });
    const resolved = await backend.resolveImage('base', PLATFORM);
    expect(resolved).toMatchObject({ reference: `base@${image.manifest.digest}`, digest: image.manifest.digest });
    const source = { type: 'source', scheme: 'image', reference: resolved.reference, platform: PLATFORM } as const;
    const seen = await Promise.all([1, 2].map(async () => {
      const build = await real.open(backend);
      const base = await build.source(source);
      expect(await build.has(base)).toBe(true);
      const snapshot = await applyOps(build, null, [copyOp(['/t'], '/seen')], [{ kind: 'snapshot', snapshot: base }]);
      return join(other.snapshots.directory(snapshot.id), 'seen');
    }));
    for (const tree of seen) {
      expect(readdirSync(tree)).toEqual(['d', 'kept', 'link']);
      expect(readdirSync(join(tree, 'd'))).toEqual([]);
      expect(lstatSync(join(tree, 'kept')).ino).toBe(lstatSync(join(tree, 'link')).ino);
    }
    // Three layers, each once, and the two copies.
    expect(other.snapshots.list()).toHaveLength(5);
    await expect(backend.resolveImage('bas', PLATFORM)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    other.close();
  });

  test('copies of a stage keep links, devices, modes, owners and attributes', async () => {
    setXattr(real.put('t/one', 'x', 0o4755), 'user.dropped', Buffer.from('m'));
    linkSync(join(real.folder, 'context/t/one'), join(real.folder, 'context/t/two'));
    putBusybox(real);
    const first = await applyOps(session, null, [copyOp(['t'], '/t', { chown: '7:8' })]);
    // A context's attributes stay where they are; a stage's are kept.
    expect(getXattr(real.at(first, 't/one'), 'user.dropped')).toBeUndefined();
    setXattr(real.at(first, 't/one'), 'user.mark', Buffer.from('m'));
    const device = await applyOps(session, null, [copyOp(['bin'], '/bin'), runOp('mknod /null c 1 3')]);
    const got = await applyOps(session, null, [copyOp(['t'], '/t')], [{ kind: 'snapshot', snapshot: first }]);
    const one = lstatSync(real.at(got, 't/one'));
    expect([one.uid, one.gid, one.mode & 0o7777, one.nlink]).toEqual([7, 8, 0o4755, 2]);
    expect(getXattr(real.at(got, 't/one'), 'user.mark')?.toString()).toBe('m');
    const node = await applyOps(session, null, [copyOp(['null'], '/null')], [{ kind: 'snapshot', snapshot: device }]);
    expect(lstatSync(real.at(node, 'null')).rdev).toBe(0x103);
  });

  test('copies go through a link to a directory, and what runs at once does not mix', async () => {
    real.put('f', 'new');
    symlinkSync('/real', join(real.folder, 'context/dir'));
    const parent = await applyOps(session, null, [{ type: 'mkfile', path: '/real/target', content: 'old', mode: 0o644 }, copyOp(['.'], '/')]);
    const [through, many] = await Promise.all([
      applyOps(session, parent, [copyOp(['f'], '/dir/')]),
      Promise.all(Array.from({ length: 8 }, (_, at) => applyOps(session, parent, [{ type: 'mkfile', path: `/n${at}`, content: `${at}`, mode: 0o644 }]))),
    ]);
    expect(readFileSync(real.at(through, 'real/f'), 'utf8')).toBe('new');
    expect(many.map((made) => readdirSync(real.at(made)))).toEqual(many.map((_, at) => [`n${at}`]));
  });
});
