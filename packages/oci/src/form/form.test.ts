import type { Digest, ExportRequest, Image, Platform } from '@strake/api';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkLayoutAttributes, exportLayout, formedResults, loadImages, MEDIA_TYPES, openImage, openStore, readLayoutAttributes, validate, type Store } from '..';
import { sampleImage } from '../test-support/sample-image';

let folder: string;
let store: Store;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-form-'));
  store = openStore(join(folder, 'store'));
});
afterEach(() => {
  store.close();
  rmSync(folder, { recursive: true, force: true });
});

const other = (directory: string): void => writeFileSync(join(directory, 'other'), 'of another platform');
const AMD64: Platform = { os: 'linux', architecture: 'amd64' };
const ARM64: Platform = { os: 'linux', architecture: 'arm64' };

const request = (images: readonly Image[], attributes: Record<string, string> = {}, more: Partial<ExportRequest> = {}): ExportRequest => ({
  images, names: [], attributes, signal: new AbortController().signal, progress: () => undefined, ...more,
});
const formed = (images: readonly Image[], attributes: Record<string, string>, more: Partial<ExportRequest> = {}) =>
  formedResults(store, request(images, attributes, more), readLayoutAttributes('oci', attributes).form);
const json = (bytes: Buffer): Record<string, unknown> => JSON.parse(bytes.toString('utf8')) as Record<string, unknown>;

test.each([
  [{}, [MEDIA_TYPES.manifest, MEDIA_TYPES.config, MEDIA_TYPES.layer]],
  [{ compression: 'gzip' }, [MEDIA_TYPES.manifest, MEDIA_TYPES.config, MEDIA_TYPES.layerGzip]],
  [{ compression: 'zstd', 'compression-level': '9' }, [MEDIA_TYPES.manifest, MEDIA_TYPES.config, MEDIA_TYPES.layerZstd]],
  [{ 'oci-mediatypes': 'false' }, [MEDIA_TYPES.dockerManifest, MEDIA_TYPES.dockerConfig, MEDIA_TYPES.dockerLayer]],
  [{ 'oci-mediatypes': 'false', compression: 'gzip' }, [MEDIA_TYPES.dockerManifest, MEDIA_TYPES.dockerConfig, MEDIA_TYPES.dockerLayerGzip]],
])('the form %j has its media types, and the image stays the same', async (attributes, types) => {
  const image = sampleImage(store);
  const [result] = await formed([image], attributes);
  const [out] = result!.images;
  const manifest = json(out!.manifestBytes) as unknown as { mediaType: string; config: { mediaType: string }; layers: { mediaType: string }[] };
  expect([manifest.mediaType, manifest.config.mediaType, manifest.layers[0]!.mediaType]).toEqual(types);
  expect(result!.descriptor).toMatchObject({ mediaType: types[0], platform: AMD64 });
  expect(out!.configDescriptor.digest).toBe(image.configDescriptor.digest);
  expect(await validate(out!)).toEqual([]);
});

test('a layer is compressed once for each way, and remembered', async () => {
  const image = sampleImage(store);
  const [{ diffId }] = image.layers as [Image['layers'][0]];
  const digests: Digest[] = [];
  for (const attributes of [{ compression: 'gzip' }, { compression: 'gzip' }, { compression: 'gzip', 'compression-level': '1' }]) {
    digests.push((await formed([image], attributes))[0]!.images[0]!.layers[0]!.descriptor.digest);
  }
  expect(digests[0]).toBe(digests[1]);
  expect(Object.keys(store.layers.get(diffId)?.compressed ?? {})).toEqual(['gzip-4.3', 'gzip-1.3']);
  for (const digest of digests) expect(store.blobs.has(digest)).toBe(true);
});

test('what is compressed stays so unless it is forced', async () => {
  const dest = join(folder, 'gzip.tar');
  await exportLayout(store, 'oci', request([sampleImage(store)], { dest, compression: 'gzip' }));
  const second = openStore(join(folder, 'other'));
  const [loaded] = await loadImages(second, dest);
  const image = openImage(second, second.images.get(loaded!.id)!.manifest);
  const typesOf = async (attributes: Record<string, string>): Promise<readonly string[]> =>
    (await formedResults(second, request([image], attributes), readLayoutAttributes('oci', attributes).form))[0]!.images[0]!.layers.map(({ descriptor }) => descriptor.mediaType);
  expect(await typesOf({ compression: 'zstd' })).toEqual([MEDIA_TYPES.layerGzip]);
  expect(await typesOf({ compression: 'zstd', 'force-compression': 'true' })).toEqual([MEDIA_TYPES.layerZstd]);
  const [plain] = await formedResults(second, request([image]), readLayoutAttributes('oci', { compression: 'uncompressed', 'force-compression': 'true' }).form);
  expect(plain!.images[0]!.layers[0]!.descriptor).toEqual({ mediaType: MEDIA_TYPES.layer, digest: image.layers[0]!.diffId, size: expect.any(Number) });
  expect(await validate(plain!.images[0]!)).toEqual([]);
  second.close();
});

test('several platforms make an index, with annotations where they belong', async () => {
  const images = [sampleImage(store), sampleImage(store, [other])];
  const attributes = {
    'annotation.all': 'm', 'annotation-manifest[linux/arm64].all': 'arm', 'annotation-index.i': '1', 'annotation-index-descriptor.d': '2', 'annotation-manifest-descriptor[linux/amd64/v1].e': '3',
  };
  const [result, ...more] = await formed(images, attributes, { platforms: [AMD64, ARM64] });
  expect(more).toEqual([]);
  expect(result!.descriptor).toMatchObject({ mediaType: MEDIA_TYPES.index, annotations: { d: '2' } });
  const index = json(result!.index!.bytes) as { annotations: unknown; manifests: { platform: unknown; annotations?: unknown }[] };
  expect(index.annotations).toEqual({ i: '1' });
  expect(index.manifests.map(({ platform, annotations }) => [platform, annotations])).toEqual([[{ architecture: 'amd64', os: 'linux' }, { e: '3' }], [{ architecture: 'arm64', os: 'linux' }, undefined]]);
  expect(result!.images.map(({ manifestBytes }) => json(manifestBytes)['annotations'])).toEqual([{ all: 'm' }, { all: 'arm' }]);
});

test('an index is written to an archive, and loads as one', async () => {
  const dest = join(folder, 'both.tar');
  const second = openStore(join(folder, 'other'));
  const names = ['docker.io/library/both:1'];
  const images = [sampleImage(store), sampleImage(store, [other])];
  const written = await exportLayout(store, 'oci', request(images, { dest }, { platforms: [AMD64, ARM64], names, epoch: 1700000000 }));
  expect(written).toMatchObject({ path: dest, names, manifest: { mediaType: MEDIA_TYPES.index } });
  expect(written.imageId).toBeUndefined();
  expect((await loadImages(second, dest)).map(({ id }) => id).sort()).toEqual(images.map(({ configDescriptor }) => configDescriptor.digest).sort());
  expect(second.names.get(names[0]!)?.manifest.digest).toBe(written.manifest!.digest);
  const entry = (JSON.parse(execFileSync('tar', ['xOf', dest, 'index.json']).toString()) as { manifests: { annotations: object }[] }).manifests[0];
  expect(entry!.annotations).toMatchObject({ 'org.opencontainers.image.created': '2023-11-14T22:13:20Z' });
  second.close();
  expect(readFileSync(dest).length).toBeGreaterThan(0);
});

const ONE = { platforms: [AMD64], multiPlatform: false, names: [] };
test.each([
  [{ compression: 'estargz' }, 'UNSUPPORTED', 'Choose uncompressed, gzip or zstd.'],
  [{ compression: 'gzip', 'compression-level': '10' }, 'USAGE', 'Choose a number from 0 to 9.'],
  [{ 'compression-level': '1' }, 'USAGE', expect.stringContaining('add compression=gzip')],
  [{ 'force-compression': 'perhaps' }, 'USAGE', 'Choose true or false.'],
  [{ 'annotation-index.a': 'b' }, 'USAGE', expect.stringContaining('annotate its manifest')],
  [{ 'annotation-manifest[linux/s390x].a': 'b' }, 'USAGE', 'The build is for linux/amd64.'],
  [{ 'annotation-layer.a': 'b' }, 'USAGE', expect.stringContaining('manifest-descriptor')],
  [{ 'oci-mediatypes': 'false', 'annotation-manifest-descriptor.a': 'b' }, 'USAGE', expect.any(String)],
  [{ 'prefer-nondist-layers': 'true' }, 'UNSUPPORTED', expect.any(String)],
  [{ 'source-date-epoch': '1' }, 'UNSUPPORTED', expect.stringContaining('SOURCE_DATE_EPOCH')],
])('%j is refused before anything runs', (attributes, code, hint) => {
  expect(() => checkLayoutAttributes('oci', { dest: 'x', ...attributes }, ONE)).toThrow(expect.objectContaining({ code, hint }));
});
