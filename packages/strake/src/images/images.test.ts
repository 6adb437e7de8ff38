import { loadImages, openStore, type Store } from '@strake/oci';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openImages } from './images';
import type { Images } from './images-types';

/** Nothing is imported with changes here. */
const unasked = (): Promise<never> => Promise.reject(new Error('not asked for'));

const signal = new AbortController().signal;
let folder: string;
let store: Store;
let images: Images;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-images-'));
  store = openStore(join(folder, 'store'));
  images = openImages(store, { parse: unasked, plan: unasked });
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

/** An image of one file, as `strake load` makes it of a root file system. */
async function made(name: string, content = name): Promise<string> {
  mkdirSync(join(folder, 'tree'), { recursive: true });
  writeFileSync(join(folder, 'tree', 'file'), content);
  execFileSync('tar', ['cf', join(folder, 'tree.tar'), '--mtime=@0', '-C', join(folder, 'tree'), '.']);
  const [image] = await loadImages(store, join(folder, 'tree.tar'), { name });
  return image!.id;
}

test('list, get and tag', async () => {
  const id = await made('app:1');
  await images.tag('app:1', 'example.com/app:2');
  const names = ['docker.io/library/app:1', 'example.com/app:2'];
  expect(await images.list()).toEqual([{ id, names, created: undefined, size: 10240 }]);
  for (const reference of ['app:1', 'docker.io/library/app:1', id, id.slice(7), id.slice(7, 19), `app@${store.names.list()[0]!.manifest.digest}`]) {
    expect(await images.get(reference)).toMatchObject({ id, names, config: { os: 'linux' }, layers: [{ size: 10240 }] });
  }
});

test.each([
  ['ap:1', { code: 'IMAGE_MISSING', hint: 'Did you mean app:1? Other images come in with "strake pull" or "strake load -i FILE".' }],
  ['app:latest', { code: 'IMAGE_MISSING', hint: 'Did you mean app:1? Other images come in with "strake pull" or "strake load -i FILE".' }],
  ['APP', { code: 'REFERENCE_INVALID' }],
  [`sha256:${'0'.repeat(64)}`, { code: 'IMAGE_MISSING' }],
  ['0'.repeat(64), { code: 'IMAGE_MISSING' }],
])('there is no image %s', async (reference, error) => {
  await made('app:1');
  await expect(images.get(reference)).rejects.toMatchObject(error);
});

describe('remove', () => {
  test('by a name: the image goes with the last one', async () => {
    const id = await made('app:1');
    await images.tag('app:1', 'app:2');
    expect(await images.remove('app:1')).toEqual({ untagged: ['docker.io/library/app:1'], deleted: [] });
    expect(await images.remove('app:2', { force: false })).toEqual({ untagged: ['docker.io/library/app:2'], deleted: [id] });
    expect(await images.list()).toEqual([]);
  });

  test('by an ID: several names only with force', async () => {
    const id = await made('app:1');
    await made('other');
    await images.tag('app:1', 'app:2');
    await expect(images.remove(id, { force: false })).rejects.toMatchObject({ code: 'USAGE' });
    expect(await images.remove(id.slice(7, 19), { force: true })).toEqual({ untagged: ['docker.io/library/app:1', 'docker.io/library/app:2'], deleted: [id] });
    expect(await images.list()).toHaveLength(1);
  });
});

test.each(['oci', 'docker'] as const)('save and load, %s', async (format) => {
  const ids = [await made('a:1'), await made('b:1')];
  await images.tag('a:1', 'a:2');
  const destination = join(folder, 'saved.tar');
  await images.save(['a:1', 'a:2', 'b:1'], { format, destination, signal });
  const other = openStore(join(folder, 'other'));
  const loaded = await openImages(other, { parse: unasked, plan: unasked }).load(destination, { signal });
  expect(loaded).toEqual([
    { id: ids[0], names: ['docker.io/library/a:1', 'docker.io/library/a:2'] },
    { id: ids[1], names: ['docker.io/library/b:1'] },
  ]);
  other.close();
});
