import type { Platform } from '@strake/api';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, encodeGoJson, findImage, MEDIA_TYPES, openStore, readImage, type Store } from '..';
import { sampleImage } from '../test-support/sample-image';

const AMD: Platform = { os: 'linux', architecture: 'amd64' };
const ARM: Platform = { os: 'linux', architecture: 'arm64' };
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-find-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a name is looked for before the beginning of an ID', () => {
  const { manifest, configDescriptor } = sampleImage(store);
  const digits = configDescriptor.digest.slice(7, 17);
  expect(findImage(store, digits)).toEqual({ manifest });
  const other = { ...manifest, digest: digestOf('other') };
  store.names.set(`docker.io/library/${digits}:latest`, other);
  expect(findImage(store, digits).manifest).toEqual(other);
  expect(() => findImage(store, digits.slice(0, 5))).toThrow(expect.objectContaining({ code: 'IMAGE_MISSING' }));
});

test('IDs that begin alike are told apart by more digits', () => {
  const { manifest } = sampleImage(store);
  for (const end of ['a', 'b']) store.images.put(`sha256:${'0'.repeat(63)}${end}`, manifest);
  expect(() => findImage(store, '000000')).toThrow(expect.objectContaining({ code: 'REFERENCE_INVALID' }));
  expect(findImage(store, `${'0'.repeat(63)}a`).manifest).toEqual(manifest);
});

test('an index gives the image of the platform', () => {
  const { manifest } = sampleImage(store);
  const absent = { ...manifest, digest: digestOf('absent'), platform: { os: 'linux', architecture: 'arm64' } };
  const index = { schemaVersion: 2, manifests: [{ ...manifest, platform: { os: 'linux', architecture: 'amd64' } }, absent] };
  const descriptor = store.blobs.write(MEDIA_TYPES.index, encodeGoJson(index));
  store.names.set('docker.io/library/app:1', descriptor);
  expect(readImage(store, findImage(store, 'app:1').manifest, AMD, 'app:1').manifest).toMatchObject({ digest: manifest.digest });
  for (const found of [descriptor, manifest]) {
    expect(() => readImage(store, found, ARM, 'app:1')).toThrow(expect.objectContaining({ code: 'IMAGE_MISSING', message: expect.stringContaining('it is for linux/amd64') as string }));
  }
});
