import type { ExportRequest, Image } from '@strake/api';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { digestOf, exportLayout, openStore, readLayoutAttributes, tarFileTarget, tarStreamTarget, writeLayout, type Store } from '..';
import { fillSmall, sampleImage } from '../test-support/sample-image';

const NAME = 'docker.io/library/app:1';
let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-export-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

function request(image: Image, attributes: Record<string, string>, signal = new AbortController().signal): ExportRequest {
  return { images: [image], names: [NAME], attributes, signal, progress: () => undefined };
}

const big = (directory: string): void => writeFileSync(join(directory, 'big'), Buffer.alloc(9 << 20, 'x'));

test('a layer of several chunks streams whole', async () => {
  const image = sampleImage(store, [big]);
  const chunks: Buffer[] = [];
  for await (const chunk of image.layers[0]!.open()) chunks.push(chunk as Buffer);
  expect(chunks.length).toBeGreaterThan(2);
  expect(digestOf(Buffer.concat(chunks))).toBe(image.layers[0]!.diffId);
});

test('a snapshot that was changed is found out', async () => {
  const image = sampleImage(store);
  const [id = ''] = store.snapshots.list();
  writeFileSync(join(store.snapshots.directory(id), 'text'), 'changed');
  const read = async (): Promise<void> => {
    for await (const chunk of image.layers[0]!.open()) void chunk;
  };
  await expect(read()).rejects.toMatchObject({ code: 'STORE_INVALID' });
  await expect(exportLayout(store, 'oci', request(image, { dest: join(folder, 'x.tar') }))).rejects.toBeDefined();
  expect(readdirSync(folder)).toEqual(['store']);
});

test('the same image gives the same archive', async () => {
  const image = sampleImage(store, [fillSmall, big]);
  for (const file of ['a.tar', 'b.tar']) await exportLayout(store, 'docker', request(image, { dest: join(folder, file) }));
  expect(digestOf(readFileSync(join(folder, 'a.tar')))).toBe(digestOf(readFileSync(join(folder, 'b.tar'))));
  const names = execFileSync('tar', ['tf', join(folder, 'a.tar')]).toString().split('\n');
  expect(names).toEqual(expect.arrayContaining(['oci-layout', 'index.json', 'manifest.json', 'blobs/', 'blobs/sha256/']));
  const manifest = JSON.parse(execFileSync('tar', ['xOf', join(folder, 'a.tar'), 'manifest.json']).toString());
  expect(manifest).toMatchObject([{ RepoTags: ['app:1'] }]);
  execFileSync('python3', ['-c', 'import sys, tarfile; t = tarfile.open(sys.argv[1]); [t.extractfile(m).read() for m in t if m.isfile()]', join(folder, 'a.tar')]);
});

test('a layout folder takes further images', async () => {
  const dest = join(folder, 'layout');
  const first = sampleImage(store);
  await exportLayout(store, 'oci', request(first, { dest, tar: 'false' }));
  await exportLayout(store, 'oci', request(sampleImage(store, [fillSmall, big]), { dest, tar: 'false', name: 'other:2' }));
  await exportLayout(store, 'oci', request(first, { dest, tar: 'false' }));
  const { manifests } = JSON.parse(readFileSync(join(dest, 'index.json'), 'utf8')) as { manifests: { annotations: object }[] };
  expect(manifests.map(({ annotations }) => annotations)).toEqual([
    { 'io.containerd.image.name': 'docker.io/library/other:2', 'org.opencontainers.image.ref.name': '2' },
    { 'io.containerd.image.name': NAME, 'org.opencontainers.image.ref.name': '1' },
  ]);
  expect(readdirSync(folder).sort()).toEqual(['layout', 'store']);
});

test.each(['none', 'gzip'])('skopeo and umoci read the layout, compression %s', async (compression) => {
  const dest = join(folder, 'layout');
  const image = sampleImage(store, [fillSmall, big]);
  await exportLayout(store, 'oci', request(image, { dest, tar: 'false', compression }));
  const inspected = JSON.parse(execFileSync('skopeo', ['inspect', '--config', `oci:${dest}:1`]).toString());
  expect(inspected.rootfs.diff_ids).toEqual(image.config.rootfs.diff_ids);
  execFileSync('skopeo', ['copy', '-q', `oci:${dest}:1`, `dir:${join(folder, 'copy')}`]);
  execFileSync('umoci', ['unpack', '--image', `${dest}:1`, join(folder, 'bundle')], { stdio: 'ignore' });
  expect(readFileSync(join(folder, 'bundle', 'rootfs', 'text'), 'utf8')).toHaveLength(6000);
});

test.each(['oci', 'docker'])('skopeo reads the %s archive', async (type) => {
  const dest = join(folder, 'image.tar');
  await exportLayout(store, type, request(sampleImage(store), { dest, compression: 'gzip' }));
  execFileSync('skopeo', ['copy', '-q', `${type}-archive:${dest}`, `dir:${join(folder, 'copy')}`]);
});

test('a stream gets the same bytes as a file, and a reader that goes away ends it', async () => {
  const image = sampleImage(store, [fillSmall, big]);
  const images = [{ images: [image], descriptor: image.manifest, names: [NAME] }];
  const options = { dockerManifest: true, signal: new AbortController().signal, progress: () => undefined };
  await writeLayout(tarFileTarget(join(folder, 'a.tar')), images, options);
  const stream = new PassThrough();
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await writeLayout(tarStreamTarget(stream), images, options);
  expect(Buffer.concat(chunks).equals(readFileSync(join(folder, 'a.tar')))).toBe(true);
  const closed = new PassThrough();
  closed.once('data', () => closed.destroy());
  await expect(writeLayout(tarStreamTarget(closed), images, options)).rejects.toMatchObject({ code: 'USAGE' });
});

test('a cancelled or failed export leaves nothing', async () => {
  const image = sampleImage(store, [big]);
  const aborted = AbortSignal.abort();
  for (const attributes of [{ tar: 'true' }, { tar: 'false' }, { compression: 'gzip' }]) {
    await expect(exportLayout(store, 'oci', request(image, { dest: join(folder, 'out'), ...attributes }, aborted))).rejects.toMatchObject({ code: 'CANCELLED' });
  }
  mkdirSync(join(folder, 'full'));
  writeFileSync(join(folder, 'full', 'mine'), '');
  for (const dest of [join(folder, 'full'), join(folder, 'none', 'x')]) {
    await expect(exportLayout(store, 'oci', request(image, { dest, tar: 'false' }))).rejects.toMatchObject({ code: 'USAGE' });
  }
  expect(readdirSync(folder).sort()).toEqual(['full', 'store']);
});

test.each([
  [{ dset: 'x' }, 'Did you mean dest?'],
  [{ wrong: 'x' }, expect.stringContaining('Known attributes: dest, tar, name, compression')],
  [{ tar: 'yes' }, 'Choose true or false.'],
    [{ tar: 'false' }, 'Name it: type=oci,tar=false,dest=FOLDER'],
])('the attributes %j are refused', (attributes, hint) => {
  expect(() => readLayoutAttributes('oci', attributes)).toThrow(expect.objectContaining({ code: 'USAGE', hint }));
});
