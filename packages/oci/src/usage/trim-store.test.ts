import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, openImage, openStore, validate, type Store } from '..';
import { sampleImage } from '../test-support/sample-image';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-trim-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const file = (name: string) => (directory: string): void => writeFileSync(join(directory, name), name.repeat(1000));

/** A step that only the cache knows. */
function step(name: string, parent: string | null): string {
  const lease = store.lease();
  const snapshot = store.snapshots.begin(lease, parent);
  file(name)(snapshot.directory);
  snapshot.commit();
  lease.release();
  store.cacheRecords('keys').set(digestOf(name), { snapshot: snapshot.id, identity: digestOf(name), created: '', text: `RUN ${name}` });
  return snapshot.id;
}

describe('trimming a store', () => {
  test('takes the cache and leaves what images need', async () => {
    const image = sampleImage(store, [file('a'), file('b')]);
    store.names.set('docker.io/library/a:1', image.manifest);
    const below = step('below', null);
    step('above', below);
    const { removed, reclaimed } = await store.trim({});
    expect(removed.map(({ type, description }) => [type, description])).toEqual([['step', 'RUN above'], ['step', 'RUN below']]);
    expect(reclaimed).toBeGreaterThan(8 * 1024);
    expect(store.cacheRecords('keys').list()).toEqual([]);
    expect(await validate(openImage(store, image.manifest))).toEqual([]);
  });

  test('takes no part of an image without a name before the image itself', async () => {
    const image = sampleImage(store, [file('a')]);
    expect((await store.trim({ unnamed: true, matches: ({ type }) => type !== 'image' })).removed).toEqual([]);
    expect(await validate(openImage(store, image.manifest))).toEqual([]);
    const { removed } = await store.trim({ unnamed: true });
    expect(removed.map(({ type }) => type)).toEqual(['image', 'base']);
    expect([store.images.list(), store.snapshots.list(), store.blobs.list(), store.layers.list()]).toEqual([[], [], [], []]);
  });

  test('a dry run says the same and removes nothing', async () => {
    step('one', null);
    const planned = await store.trim({ dryRun: true });
    expect(store.snapshots.list()).toHaveLength(1);
    expect(await store.trim({})).toEqual(planned);
  });

  test('a mount that a program uses stays', async () => {
    const name = { id: 'npm' };
    const hold = store.mounts.tryHold(name, 'shared');
    expect(await store.trim({})).toMatchObject({ removed: [], busy: [{ type: 'mount', description: 'npm' }] });
    hold?.release();
    expect(await store.trim({})).toMatchObject({ removed: [{ type: 'mount', description: 'npm' }], busy: [] });
  });

  test('nobody builds meanwhile', async () => {
    const lease = store.lease();
    await expect(store.trim({})).rejects.toMatchObject({ code: 'STORE_BUSY' });
    lease.release();
  });
});
