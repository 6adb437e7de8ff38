import type { Image } from '@strake/api';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chainIdOf, digestOf, openImage, openStore, validate, type Store } from '..';
import { sampleImage } from '../test-support/sample-image';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-prune-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => (directory: string): void => writeFileSync(join(directory, name), name.repeat(1000));
const kinds = (deleted: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const line of deleted) {
    const kind = line.slice(0, line.lastIndexOf(' '));
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
};
const snapshotOf = (image: Image, at: number): string => store.layers.get(image.config.rootfs.diff_ids[at] ?? digestOf(''))?.snapshot ?? '';

/** A snapshot that only the build cache knows, on a parent. */
function cached(parent: string | null): string {
  const lease = store.lease();
  const snapshot = store.snapshots.begin(lease, parent);
  file('cached')(snapshot.directory);
  snapshot.commit();
  lease.release();
  store.cacheRecords('keys').set(digestOf(snapshot.id), { snapshot: snapshot.id, identity: digestOf('i'), created: '' });
  return snapshot.id;
}

describe('prune', () => {
  test('named images keep all that they need', async () => {
    const image = sampleImage(store, [file('a'), file('b')]);
    store.names.set('docker.io/library/a:1', image.manifest);
    for (const all of [false, true]) expect(await store.prune({ all })).toEqual({ deleted: [], reclaimed: 0 });
    expect(await validate(openImage(store, image.manifest))).toEqual([]);
  });

  test('images without a name and the build cache go with all only', async () => {
    const named = sampleImage(store, [file('a')]);
    store.names.set('docker.io/library/a:1', named.manifest);
    sampleImage(store, [file('b'), file('c')]);
    const top = cached(cached(snapshotOf(named, 0)));
    const others = ['steps', 'places', 'engine-1-keys', 'engine-1-places'];
    for (const folder of others) store.cacheRecords(folder).set(digestOf('step'), {});
    expect((await store.prune()).deleted).toEqual([]);
    const planned = await store.prune({ all: true, dryRun: true });
    expect(store.snapshots.has(top)).toBe(true);
    const done = await store.prune({ all: true });
    expect(done).toEqual(planned);
    expect(kinds(done.deleted)).toEqual({ image: 1, 'cache record': 2, snapshot: 4, blob: 2 });
    expect(done.reclaimed).toBeGreaterThan(4 * 4096);
    for (const folder of others) expect([folder, store.cacheRecords(folder).list()]).toEqual([folder, []]);
    expect(store.layers.list().map(([diffId]) => diffId)).toEqual(named.config.rootfs.diff_ids);
    expect(await validate(openImage(store, named.manifest))).toEqual([]);
  });

  test('cache records whose snapshot is gone, and content that nobody knows, go always', async () => {
    const lost = cached(null);
    store.snapshots.delete(lost);
    store.blobs.write('text/plain', Buffer.from('orphan'));
    store.chains.set(digestOf('chain'), { snapshot: lost });
    store.layers.set(digestOf('layer'), { diffId: digestOf('layer'), size: 1, snapshot: lost });
    expect(kinds((await store.prune()).deleted)).toEqual({ 'cache record': 1, blob: 1 });
    expect([store.chains.list(), store.layers.list()]).toEqual([[], []]);
  });

  test('an unpacked base goes with all when its blob is there, and the record says so', async () => {
    const image = sampleImage(store, [file('a')]);
    store.names.set('docker.io/library/a:1', image.manifest);
    const [diffId = digestOf('')] = image.config.rootfs.diff_ids;
    const tar: Buffer[] = [];
    for await (const chunk of image.layers[0]?.open() ?? []) tar.push(chunk as Buffer);
    const blob = store.blobs.write('application/vnd.oci.image.layer.v1.tar', Buffer.concat(tar));
    const record = { diffId, size: blob.size, blob, snapshot: snapshotOf(image, 0) };
    store.layers.set(diffId, record);
    store.chains.set(chainIdOf([diffId]) ?? diffId, { snapshot: record.snapshot });
    expect((await store.prune()).deleted).toEqual([]);
    expect(kinds((await store.prune({ all: true })).deleted)).toEqual({ snapshot: 1 });
    expect(store.layers.get(diffId)).toEqual({ diffId, size: blob.size, blob });
    expect(store.chains.list()).toEqual([]);
    expect(await validate(openImage(store, image.manifest))).toEqual([]);
  });

  test('an index keeps the images that are there', async () => {
    const image = sampleImage(store);
    const gone = { mediaType: image.manifest.mediaType, digest: digestOf('other platform'), size: 1 };
    const index = store.blobs.write('application/vnd.oci.image.index.v1+json', Buffer.from(JSON.stringify({ schemaVersion: 2, manifests: [image.manifest, gone] })));
    store.names.set('docker.io/library/a:1', index);
    expect((await store.prune({ all: true })).deleted).toEqual([]);
  });

  test('an image whose manifest is damaged does not stand in the way', async () => {
    const image = sampleImage(store);
    store.names.set('docker.io/library/a:1', image.manifest);
    writeFileSync(store.blobs.path(image.manifest.digest), '{}');
    expect(kinds((await store.prune({ all: true })).deleted)).toEqual({ image: 1, snapshot: 1, blob: 1 });
    expect(store.blobs.list()).toEqual([image.manifest.digest]);
  });

  test('unfinished work goes when it can be ended, that of the living never', async () => {
    const dead = join(store.root, 'tmp', 'dead');
    mkdirSync(dead);
    writeFileSync(join(dead, 'lock'), '');
    const living = openStore(store.root);
    const scratch = living.temporaryPath();
    writeFileSync(scratch, '');
    await store.prune();
    expect(existsSync(dead)).toBe(true);
    const ended: string[] = [];
    expect((await store.prune({ end: (directory) => ended.push(directory) })).deleted).toEqual(['unfinished work dead']);
    expect([ended, existsSync(dead), existsSync(scratch)]).toEqual([[dead], false, true]);
    living.close();
  });

  test('a store in use is left alone', async () => {
    const lease = openStore(store.root).lease();
    await expect(store.prune()).rejects.toMatchObject({ code: 'STORE_BUSY' });
    lease.release();
  });
});
