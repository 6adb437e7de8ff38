import { OperatorError } from '@strake/api';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { digestOf } from '../digest';
import { defaultStoreRoot, openStore, type Store } from '.';

let folder: string;
let store: Store;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-store-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

describe('opening', () => {
  test('a store is made for its owner alone', () => {
    expect(statSync(store.root).mode & 0o777).toBe(0o700);
    expect(openStore(store.root).names.list()).toEqual([]);
  });

  test('another version is refused', () => {
    writeFileSync(join(store.root, 'version'), '2\n');
    expect(() => openStore(store.root)).toThrow(expect.objectContaining({ code: 'STORE_INVALID' }));
  });

  test('a folder with other files is refused', () => {
    writeFileSync(join(folder, 'letter.txt'), '');
    expect(() => openStore(folder)).toThrow(expect.objectContaining({ code: 'STORE_INVALID', message: expect.stringContaining('letter.txt') }));
  });

  test('for reading only nothing is made', () => {
    const absent = openStore(join(folder, 'absent'), { readonly: true });
    expect(absent.images.list()).toEqual([]);
    expect(absent.names.get('a')).toBeUndefined();
    expect(existsSync(absent.root)).toBe(false);
    expect(() => absent.names.delete('a')).toThrow(expect.objectContaining({ code: 'PERMISSION' }));
    expect(() => absent.lease()).toThrow(expect.objectContaining({ code: 'PERMISSION' }));
  });

  test('a place that cannot be used names the options', () => {
    writeFileSync(join(folder, 'file'), '');
    expect(() => openStore(join(folder, 'file', 'store'))).toThrow(expect.objectContaining({ code: 'PERMISSION', hint: expect.stringContaining('--store') }));
  });

  test.each(['/proc/strake', '/proc/self/a/b', '/dev/null/store'])('%s can hold no store, and that is said at once', (place) => {
    expect(() => openStore(place)).toThrow(expect.objectContaining({ code: 'PERMISSION' }));
  });

  test.each([
    [{ STRAKE_STORE: '/x' }, '/x'],
    [{ XDG_DATA_HOME: '/data' }, process.getuid?.() === 0 ? '/var/lib/strake' : '/data/strake'],
  ])('the default place with %j', (env, expected) => {
    expect(defaultStoreRoot(env)).toBe(expected);
  });
});

describe('blobs', () => {
  const bytes = Buffer.from('hello');

  test('are written and read by digest', () => {
    const descriptor = store.blobs.write('text/plain', bytes);
    expect(descriptor).toEqual({ mediaType: 'text/plain', digest: digestOf(bytes), size: 5 });
    expect(store.blobs.read(descriptor.digest)).toEqual(bytes);
    expect(store.blobs.has(descriptor.digest, 5)).toBe(true);
    expect(store.blobs.has(descriptor.digest, 6)).toBe(false);
  });

  test('are taken in from a stream', async () => {
    const descriptor = await store.blobs.ingest(Readable.from([bytes, bytes]), { size: 10, mediaType: 'a/b' });
    expect(descriptor).toEqual({ mediaType: 'a/b', digest: digestOf('hellohello'), size: 10 });
  });

  test.each([
    ['another digest', { digest: digestOf('other') }],
    ['too many bytes', { size: 4 }],
    ['too few bytes', { size: 6 }],
  ])('%s is refused and nothing kept', async (_, expected) => {
    await expect(store.blobs.ingest([bytes], expected)).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(store.blobs.list()).toEqual([]);
  });

  test('a transfer that broke leaves what is worth it, for one transfer at a time', async () => {
    const bytes = Buffer.alloc(3 << 20, 'ab');
    const [digest, size] = [digestOf(bytes), bytes.length];
    const broken = async function* (): AsyncGenerator<Buffer> {
      yield bytes.subarray(0, 2 << 20);
      throw new OperatorError('REGISTRY_UNREACHABLE', 'gone');
    };
    expect(store.blobs.partial(digest, 1000)).toBeUndefined();
    const first = store.blobs.partial(digest, size);
    expect(store.blobs.partial(digest, size)).toBeUndefined();
    await expect(store.blobs.ingest(broken(), { digest, size, ...(first && { into: first }) })).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE' });
    first?.release();
    const second = store.blobs.partial(digest, size);
    expect([second?.size, store.blobs.listPartial(), store.blobs.has(digest)]).toEqual([2 << 20, [digest], false]);
    await store.blobs.ingest([bytes], { digest, size, ...(second && { into: second }) });
    second?.release();
    expect([store.blobs.listPartial(), store.blobs.read(digest).equals(bytes)]).toEqual([[], true]);
  });

  test('a transfer that brought something else leaves nothing', async () => {
    const into = store.blobs.partial(digestOf('x'), 2 << 20);
    await expect(store.blobs.ingest([Buffer.alloc(2 << 20)], { digest: digestOf('x'), size: 2 << 20, ...(into && { into }) })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    into?.release();
    expect(store.blobs.listPartial()).toEqual([]);
  });

  test('a damaged blob is not read', () => {
    const { digest } = store.blobs.write('text/plain', bytes);
    writeFileSync(store.blobs.path(digest), 'hullo');
    expect(() => store.blobs.read(digest)).toThrow(expect.objectContaining({ code: 'STORE_INVALID' }));
  });

  test('a digest never leads out of the store', () => {
    expect(() => store.blobs.path('sha256:../../etc/passwd')).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
  });
});

describe('records', () => {
  const manifest = { mediaType: 'm', digest: digestOf('m'), size: 1 };

  test('names are kept as they are, long ones too', () => {
    const long = `docker.io/library/${'a'.repeat(240)}:latest`;
    for (const name of [long, 'docker.io/library/b:1']) store.names.set(name, manifest);
    expect(store.names.list().map(({ name }) => name)).toEqual([long, 'docker.io/library/b:1']);
    store.names.delete(long);
    expect(store.names.get(long)).toBeUndefined();
    expect(store.names.get('docker.io/library/b:1')).toMatchObject({ manifest });
  });

  test('images, layers and chains', () => {
    store.images.put(digestOf('c'), manifest);
    expect(store.images.list()).toMatchObject([{ id: digestOf('c'), manifest }]);
    store.layers.set(digestOf('l'), { diffId: digestOf('l'), size: 3, snapshot: 'x' });
    expect(store.layers.get(digestOf('l'))).toEqual({ diffId: digestOf('l'), size: 3, snapshot: 'x' });
    expect(store.chains.get(digestOf('l'))).toBeUndefined();
  });

  test('a torn record counts as missing', () => {
    store.images.put(digestOf('c'), manifest);
    writeFileSync(join(store.root, 'images', digestOf('c').slice(7)), '{"mani');
    expect(store.images.list()).toEqual([]);
  });
});

describe('snapshots', () => {
  test('are in the store only when committed', () => {
    const lease = store.lease();
    const base = store.snapshots.begin(lease, null);
    writeFileSync(join(base.directory, 'file'), 'x');
    expect(store.snapshots.has(base.id)).toBe(false);
    base.commit();
    const top = store.snapshots.begin(lease, base.id);
    top.commit({ diffId: digestOf('d'), size: 9 });
    const dropped = store.snapshots.begin(lease, top.id);
    dropped.abort();
    lease.release();
    expect(store.snapshots.chain(top.id)).toEqual([top.id, base.id]);
    expect(store.snapshots.get(top.id)).toMatchObject({ id: top.id, parent: base.id, diffId: digestOf('d'), size: 9 });
    expect(existsSync(join(store.snapshots.directory(base.id), 'file'))).toBe(true);
    store.snapshots.setDiff(base.id, { diffId: digestOf('e'), size: 1, plain: true });
    expect(store.snapshots.get(base.id)).toMatchObject({ diffId: digestOf('e'), size: 1, plain: true });
    writeFileSync(join(store.root, 'snapshots', base.id, 'meta.json'), JSON.stringify({ id: base.id, parent: null, diffId: digestOf('e'), size: 1, format: 0 }));
    expect(store.snapshots.get(base.id)).toEqual({ id: base.id, parent: null });
    expect([...store.snapshots.list()].sort()).toEqual([base.id, top.id].sort());
    store.snapshots.delete(base.id);
    expect(store.snapshots.has(top.id)).toBe(false);
    expect(() => store.snapshots.chain(top.id)).toThrow(expect.objectContaining({ code: 'STORE_INVALID' }));
  });
});

describe('locks', () => {
  test('prune waits for nobody: it is refused while the store is used, and the reverse', async () => {
    const lease = store.lease();
    const other = openStore(store.root).lease();
    await expect(store.exclusive(() => 1)).rejects.toMatchObject({ code: 'STORE_BUSY' });
    lease.release();
    other.release();
    await store.exclusive(() => expect(() => store.lease()).toThrow(expect.objectContaining({ code: 'STORE_BUSY' })));
    store.lease().release();
  });

  test('small files of the dead are reclaimed, those of the living are not', () => {
    const dead = spawnSync('true').pid;
    for (const pid of [dead, process.pid]) writeFileSync(join(store.root, 'tmp', `${pid}.abc`), '');
    expect(store.reclaim()).toBe(1);
    expect(readdirSync(join(store.root, 'tmp'))).toEqual([`${process.pid}.abc`]);
  });

  test('left-overs of the dead are reclaimed, work of the living is not', () => {
    const lease = store.lease();
    mkdirSync(join(store.root, 'tmp', 'dead', 'deep'), { recursive: true });
    writeFileSync(join(store.root, 'tmp', 'dead', 'lock'), '');
    writeFileSync(Buffer.concat([Buffer.from(join(store.root, 'tmp', 'dead', 'deep', '/')), Buffer.from([0xff])]), '');
    expect(store.reclaim()).toBe(1);
    expect(existsSync(lease.directory)).toBe(true);
    lease.release();
    expect(readdirSync(join(store.root, 'tmp'))).toEqual([]);
  });
});
