import type { Image } from '@strake/api';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { formedImage, openStore, validate, withLayers, type Store } from '..';
import { sampleImage } from '../test-support/sample-image';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-validate-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('an image, compressed or not, is as it says', async () => {
  const image = sampleImage(store);
  expect(await validate(image)).toEqual([]);
  const form = { compression: { kind: 'gzip', level: 6 }, force: false, docker: false, annotations: [] } as const;
  const compressed = await formedImage(store, image, undefined, form, { signal: new AbortController().signal, progress: () => undefined });
  expect(await validate(compressed)).toEqual([]);
  expect(compressed.configDescriptor).toEqual(image.configDescriptor);
});

test.each<[string, (image: Image) => Image, readonly string[]]>([
  ['other bytes of the config', (image) => ({ ...image, configBytes: Buffer.from('{}') }), ['config', 'config', 'config']],
  ['one layer fewer', (image) => withLayers(image, []), ['config', 'config', 'config']],
  ['another layer', (image) => withLayers(image, image.layers.map((layer) => ({ ...layer, open: () => Readable.from([Buffer.from('x')]) }))), ['layer 0', 'layer 0', 'layer 0']],
])('%s is found', async (_, change, subjects) => {
  const findings = await validate(change(sampleImage(store)));
  expect(findings.map(({ subject }) => subject)).toEqual(subjects);
});

test('a damaged snapshot is found', async () => {
  const image = sampleImage(store);
  writeFileSync(join(store.snapshots.directory(store.snapshots.list()[0]!), 'text'), 'changed');
  expect(await validate(image)).toEqual([{ subject: 'layer 0', message: expect.stringContaining('packs to') }]);
});
