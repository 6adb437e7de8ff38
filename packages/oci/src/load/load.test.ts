import type { Descriptor, Digest, ExportRequest, Image } from '@strake/api';
import { execFileSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { digestOf, exportLayout, loadImages, MEDIA_TYPES, openImage, openStore, type Store } from '..';
import { plainTar, type PlainEntry } from '../test-support/plain-tar';
import { fillSmall, sampleImage } from '../test-support/sample-image';

const NAME = 'docker.io/library/app:1';
let folder: string;
let from: Store;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-load-'));
  from = openStore(join(folder, 'from'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  from.close();
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const more = (directory: string): void => writeFileSync(join(directory, 'more'), 'more');

async function exported(image: Image, type: 'oci' | 'docker', attributes: Record<string, string> = {}, names = [NAME]): Promise<string> {
  const dest = join(folder, `out-${type}${Object.values(attributes).join('-')}`);
  const request: ExportRequest = { images: [image], names, attributes: { dest, ...attributes }, signal: new AbortController().signal, progress: () => undefined };
  await exportLayout(from, type, request);
  return dest;
}

function isUntouched(): boolean {
  return store.names.list().length + store.images.list().length + store.layers.list().length === 0;
}

describe('round trips', () => {
  test.each<['oci' | 'docker', Record<string, string>]>([
    ['oci', {}],
    ['oci', { tar: 'false' }],
    ['oci', { compression: 'gzip' }],
    ['docker', {}],
    ['docker', { compression: 'gzip' }],
  ])('%s %j', async (type, attributes) => {
    const image = sampleImage(from, [fillSmall, more]);
    const file = await exported(image, type, attributes, [NAME, 'example.com/a/b:2']);
    const loaded = await loadImages(store, file);
    expect(loaded).toEqual([{ id: image.configDescriptor.digest, names: [NAME, 'example.com/a/b:2'] }]);
    const manifest = store.names.get(NAME)!.manifest;
    if (attributes['compression'] === undefined) expect(manifest).toEqual(image.manifest);
    const again = openImage(store, manifest);
    await exportLayout(store, type, { images: [again], names: [NAME], attributes: { dest: join(folder, 'again') }, signal: new AbortController().signal, progress: () => undefined });
    const other = openStore(join(folder, 'other'));
    await loadImages(other, join(folder, 'again'));
    expect(other.names.get(NAME)?.manifest).toEqual(manifest);
    other.close();
  });

  test('a stream that is compressed as a whole', async () => {
    const file = await exported(sampleImage(from), 'docker');
    writeFileSync(`${file}.gz`, gzipSync(readFileSync(file)));
    expect(await loadImages(store, createReadStream(`${file}.gz`))).toHaveLength(1);
    expect(await loadImages(store, `${file}.gz`, { names: false })).toEqual([{ id: expect.any(String), names: [] }]);
  });

  test.each(['docker-archive', 'oci-archive'])("skopeo's %s", async (transport) => {
    const layout = await exported(sampleImage(from, [fillSmall, more]), 'oci', { tar: 'false' });
    execFileSync('skopeo', ['copy', '-q', `oci:${layout}:1`, `${transport}:${join(folder, 'theirs')}:app:1`]);
    const [image] = await loadImages(store, join(folder, 'theirs'));
    expect(image).toMatchObject({ names: [NAME] });
    expect(openImage(store, store.names.get(NAME)!.manifest).layers).toHaveLength(2);
  });
});

describe('root file systems', () => {
  const rootfs = plainTar([['etc/passwd', 'root:x:0:0::/:/bin/sh\n'], ['bin/sh', '#!']]);

  test('one with a name becomes an image, always the same', async () => {
    const first = await loadImages(store, Readable.from([rootfs]), { name: 'base:1' });
    const second = await loadImages(store, Readable.from([gzipSync(rootfs)]), { name: 'other' });
    expect(first).toEqual([{ id: second[0]!.id, names: ['docker.io/library/base:1'] }]);
    const image = openImage(store, store.names.get('docker.io/library/other:latest')!.manifest);
    expect(image.config).toMatchObject({ os: 'linux', rootfs: { diff_ids: [digestOf(rootfs)] } });
  });

  test.each<[string, Buffer]>([
    ['without a name', rootfs],
    ['nothing', Buffer.alloc(0)],
    ['no tar', Buffer.alloc(2048, 'x')],
    ['cut short', rootfs.subarray(0, 520)],
  ])('%s is refused', async (what, bytes) => {
    await expect(loadImages(store, Readable.from([bytes]), what === 'without a name' ? {} : { name: 'x' })).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    expect(isUntouched()).toBe(true);
  });
});

describe('older archives of Docker', () => {
  const layer = plainTar([['f', 'content']]);
  const config = JSON.stringify({ architecture: 'amd64', os: 'linux', config: {}, rootfs: { type: 'layers', diff_ids: [digestOf(layer), digestOf(layer)] } });
  const id = digestOf(config).slice(7);
  const manifest = (change: object = {}): string => JSON.stringify([{ Config: `${id}.json`, RepoTags: ['app:1', 'app:2'], Layers: ['a/layer.tar', 'b/layer.tar'], ...change }]);
  const good: readonly PlainEntry[] = [
    ['a/layer.tar', layer],
    ['b/layer.tar', { type: 'symlink', target: Buffer.from('../a/layer.tar') }],
    [`${id}.json`, config],
  ];

  test('one with a linked layer', async () => {
    const loaded = await loadImages(store, Readable.from([plainTar([...good, ['manifest.json', manifest()]])]));
    expect(loaded).toEqual([{ id: `sha256:${id}`, names: [NAME, 'docker.io/library/app:2'] }]);
  });

  test.each<[string, readonly PlainEntry[]]>([
    ['a layer outside', [...good, ['manifest.json', manifest({ Layers: ['../../etc/passwd', 'b/layer.tar'] })]]],
    ['an absolute layer', [...good, ['manifest.json', manifest({ Layers: ['/etc/passwd', 'b/layer.tar'] })]]],
    ['a link outside', [...good.slice(0, 1), ['b/layer.tar', { type: 'symlink', target: Buffer.from('../../../etc/passwd') }], ...good.slice(2), ['manifest.json', manifest()]]],
    ['a link to itself', [...good.slice(0, 1), ['b/layer.tar', { type: 'symlink', target: Buffer.from('layer.tar') }], ...good.slice(2), ['manifest.json', manifest()]]],
    ['a missing config', [...good.slice(0, 2), ['manifest.json', manifest()]]],
    ['a config of another digest', [...good.slice(0, 2), [`${id}.json`, `${config} `], ['manifest.json', manifest()]]],
    ['too few layers', [...good, ['manifest.json', manifest({ Layers: ['a/layer.tar'] })]]],
    ['another layer', [...good, ['c', plainTar([['f', 'other']])], ['manifest.json', manifest({ Layers: ['a/layer.tar', 'c'] })]]],
    ['an invalid name', [...good, ['manifest.json', manifest({ RepoTags: ['A b'] })]]],
    ['a file twice', [...good, ['a/layer.tar', layer], ['manifest.json', manifest()]]],
    ['names that are no texts', [...good, ['manifest.json', manifest({ RepoTags: [1] })]]],
    ['no JSON', [...good, ['manifest.json', '[{']]],
    ['a huge manifest', [...good, ['manifest.json', Buffer.alloc((8 << 20) + 1, ' ')]]],
    ['a path that climbs', [...good, ['a/../../x', ''], ['manifest.json', manifest()]]],
  ])('%s is refused', async (_, entries) => {
    await expect(loadImages(store, Readable.from([plainTar(entries)]))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    expect(isUntouched()).toBe(true);
  });
});

describe('layouts', () => {
  const blob = (bytes: string | Buffer): PlainEntry => [`blobs/sha256/${digestOf(bytes).slice(7)}`, bytes];
  const describeBlob = (mediaType: string, bytes: string | Buffer): object => ({ mediaType, digest: digestOf(bytes), size: Buffer.byteLength(bytes) });
  const layer = plainTar([['f', 'content']]);
  const packed = gzipSync(layer);
  const configOf = (diffId: Digest, architecture = 'amd64'): string => JSON.stringify({ architecture, os: 'linux', rootfs: { type: 'layers', diff_ids: [diffId] } });
  const manifestOf = (config: string, bytes = packed, change: object = {}): string =>
    JSON.stringify({ schemaVersion: 2, config: describeBlob(MEDIA_TYPES.dockerConfig, config), layers: [describeBlob(MEDIA_TYPES.dockerLayerGzip, bytes)], ...change });
  const indexOf = (...manifests: readonly object[]): string => JSON.stringify({ schemaVersion: 2, manifests });
  const config = configOf(digestOf(layer));
  const manifest = manifestOf(config);
  const entry = describeBlob(MEDIA_TYPES.dockerManifest, manifest);
  const marker: PlainEntry = ['oci-layout', '{"imageLayoutVersion":"1.0.0"}'];
  const blobs = [blob(config), blob(packed), blob(manifest)];

  test("Docker's media types are taken as they are", async () => {
    const [image] = await loadImages(store, Readable.from([plainTar([marker, ...blobs, ['index.json', indexOf(entry)]])]), { name: 'x:1' });
    expect(image?.names).toEqual(['docker.io/library/x:1']);
    const { manifest: descriptor, manifestBytes } = openImage(store, store.names.get('docker.io/library/x:1')!.manifest);
    expect(descriptor).toEqual(entry);
    expect(manifestBytes.toString()).toBe(manifest);
    expect(store.layers.get(digestOf(layer))).toMatchObject({ size: layer.length, blob: { digest: digestOf(packed), mediaType: MEDIA_TYPES.layerGzip } });
  });

  test('an index of several platforms stays an index', async () => {
    const arm = configOf(digestOf(layer), 'arm64');
    const second = manifestOf(arm);
    const absent = describeBlob(MEDIA_TYPES.manifest, 'not here');
    const index = indexOf(entry, describeBlob(MEDIA_TYPES.manifest, second), absent);
    const named = { ...describeBlob(MEDIA_TYPES.index, index), annotations: { 'org.opencontainers.image.ref.name': 'me/app:3' } };
    const loaded = await loadImages(store, Readable.from([plainTar([marker, ...blobs, blob(arm), blob(second), blob(index), ['index.json', indexOf(named)]])]));
    expect(loaded).toEqual([digestOf(config), digestOf(arm)].map((id) => ({ id, names: ['docker.io/me/app:3'] })));
    expect(store.names.get('docker.io/me/app:3')?.manifest).toEqual(describeBlob(MEDIA_TYPES.index, index));
  });

  test('what is named very often is taken once', async () => {
    const inner = indexOf(...Array.from({ length: 2000 }, () => entry));
    const outer = indexOf(...Array.from({ length: 2000 }, () => describeBlob(MEDIA_TYPES.index, inner)));
    const top = indexOf(...Array.from({ length: 2000 }, () => describeBlob(MEDIA_TYPES.index, outer)));
    expect(await loadImages(store, Readable.from([plainTar([marker, ...blobs, blob(inner), blob(outer), ['index.json', top]])]))).toHaveLength(1);
  });

  const other = manifestOf(configOf(digestOf('x')));
  const both = manifestOf(config, packed, { manifests: [] });
  const wrongSize = { ...entry, size: manifest.length + 1 };
  test.each<[string, readonly PlainEntry[]]>([
    ['a missing layer', [blob(config), blob(manifest), ['index.json', indexOf(entry)]]],
    ['a missing manifest', [blob(config), ['index.json', indexOf(entry)]]],
    ['a wrong size', [...blobs, ['index.json', indexOf(wrongSize)]]],
    ['a blob of another digest', [blob(config), blob(manifest), [blob(packed)[0], Buffer.alloc(packed.length)], ['index.json', indexOf(entry)]]],
    ['a layer of another DiffID', [blob(configOf(digestOf('x'))), blob(packed), blob(other), ['index.json', indexOf(describeBlob(MEDIA_TYPES.manifest, other))]]],
    ['a digest that is a path', [['index.json', indexOf({ ...entry, digest: 'sha256:../../../../etc/passwd' })]]],
    ['a manifest that is an index too', [...blobs, blob(both), ['index.json', indexOf(describeBlob(MEDIA_TYPES.manifest, both))]]],
    ['an empty index', [['index.json', indexOf()]]],
    ['no index', [['index.json', '{}']]],
  ])('%s is refused', async (_, entries) => {
    await expect(loadImages(store, Readable.from([plainTar([marker, ...entries])]))).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
    expect(isUntouched()).toBe(true);
  });
});

test('a truncated archive is refused', async () => {
  const file = await exported(sampleImage(from), 'oci');
  truncateSync(file, readFileSync(file).length - 4096);
  await expect(loadImages(store, file)).rejects.toMatchObject({ code: 'IMAGE_INVALID' });
});

test('loading is called off', async () => {
  const abort = new AbortController();
  const endless = new Readable({ read: () => undefined });
  const loading = loadImages(store, endless, { signal: abort.signal });
  abort.abort();
  await expect(loading).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('nothing there', async () => {
  await expect(loadImages(store, join(folder, 'none'))).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
});

test.each<[string, Record<string, string>]>([['a layout', { tar: 'false' }], ['its archive', {}], ['compressed layers', { compression: 'gzip' }]])('into a store that is only read goes what is small, and the disk has nothing of it: %s', async (_, attributes) => {
  const image = sampleImage(from, [fillSmall, more]);
  const file = await exported(image, 'oci', attributes);
  const absent = openStore(join(folder, 'absent'), { readonly: true, memory: true });
  const [loaded] = await loadImages(absent, file, { names: false });
  expect(loaded?.id).toBe(image.configDescriptor.digest);
  const manifest = absent.images.get(image.configDescriptor.digest)?.manifest;
  expect(openImage(absent, manifest as Descriptor).config).toEqual(image.config);
  expect(existsSync(join(folder, 'absent'))).toBe(false);
});

test('a layer that is missing is missed where nothing is kept, too', async () => {
  const file = await exported(sampleImage(from), 'oci', { tar: 'false' });
  const blobs = join(file, 'blobs/sha256');
  const largest = readdirSync(blobs).sort((a, b) => statSync(join(blobs, b)).size - statSync(join(blobs, a)).size)[0] ?? '';
  rmSync(join(blobs, largest));
  const absent = openStore(join(folder, 'absent'), { readonly: true, memory: true });
  await expect(loadImages(absent, file)).rejects.toMatchObject({ code: 'IMAGE_INVALID', message: expect.stringContaining('is missing') as unknown });
});
