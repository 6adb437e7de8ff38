import type { Descriptor } from '@strake/api';
import { digestOf } from '../digest';
import { MEDIA_TYPES } from '../image/media-types';
import { cacheManifest, encodeCacheDocument, findCacheDocuments, inlineCache, parseCacheDocument, type CacheDocument } from '.';

const digest = (text: string) => digestOf(text);
const blob: Descriptor = { mediaType: MEDIA_TYPES.layerGzip, digest: digest('blob'), size: 3 };
const document: CacheDocument = {
  layers: [{ diffId: digest('base') }, { diffId: digest('layer'), blob, size: 9 }],
  states: [{ layer: 0 }, { layer: 1, on: 0, created: '2026-01-02T03:04:05.000Z' }],
  records: [{ key: digest('key'), identity: digest('identity'), created: '2026-01-02T03:04:05.000Z', state: 1 }, { key: digest('other'), identity: digest('other') }],
};
const parse = (value: unknown): CacheDocument => parseCacheDocument(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'the cache');
const spoilt = (more: object): object => ({ version: 1, ...document, ...more });

test('a document survives being written and read', () => {
  expect(parse(encodeCacheDocument(document).toString())).toEqual(document);
});

const chain = (height: number): object => spoilt({ states: Array.from({ length: height }, (_none, at) => ({ layer: 0, ...(at === 0 ? {} : { on: at - 1 }) })), records: [] });

test.each<[string, unknown, string]>([
  ['no JSON', '{', 'is no JSON'],
  ['a list', '[]', 'is no JSON object'],
  ['another version', spoilt({ version: 2 }), 'a cache of version 2'],
  ['no version', { ...document }, 'a cache of version undefined'],
  ['no records', spoilt({ records: undefined }), 'no valid list of records'],
  ['records that are none', spoilt({ records: ['x'] }), 'no valid list of records'],
  ['too many records', spoilt({ records: Array.from({ length: 100_001 }, () => ({})) }), 'no valid list of records'],
  ['more bytes than are read', ' '.repeat((8 << 20) + 1), 'more than the 8388608 that are read'],
  ['a digest that is a path', spoilt({ layers: [{ diffId: `sha256:${'../'.repeat(10)}etc/passwd` }] }), 'the invalid digest "sha256:../'],
  ['a blob that is a path', spoilt({ layers: [{ diffId: digest('a'), blob: { ...blob, digest: '../../x' } }] }), 'has the invalid digest'],
  ['a blob of another type', spoilt({ layers: [{ diffId: digest('a'), blob: { ...blob, mediaType: 'text/plain' } }] }), 'a layer of the type "text/plain"'],
  ['a blob of no size', spoilt({ layers: [{ diffId: digest('a'), blob: { ...blob, size: -1 } }] }), 'invalid size'],
  ['a state of no layer', spoilt({ states: [{ layer: 2 }] }), 'the number 2 where one from 0 to 1 must be'],
  ['a state on itself', spoilt({ states: [{ layer: 0, on: 0 }] }), 'the number 0 where one from 0 to -1 must be'],
  ['states in a circle', spoilt({ states: [{ layer: 0, on: 1 }, { layer: 1, on: 0 }] }), 'the number 1 where one from 0 to -1 must be'],
  ['a state of half a layer', spoilt({ states: [{ layer: 0.5 }] }), 'the number 0.5'],
  ['a state higher than any mount', chain(501), 'a state of more than 500 layers'],
  ['a record of no state', spoilt({ records: [{ key: digest('a'), identity: digest('a'), state: 7 }] }), 'the number 7'],
  ['a record of no key', spoilt({ records: [{ identity: digest('a') }] }), 'the invalid digest undefined'],
  ['a time that is none', spoilt({ records: [{ key: digest('a'), identity: digest('a'), created: 'yesterday' }] }), 'the invalid time "yesterday"'],
])('%s is refused', (_what, value, message) => {
  expect(() => parse(value)).toThrow(message);
});

test('500 layers are not too many', () => {
  expect(parse(chain(500)).states).toHaveLength(500);
});

describe('what is behind a manifest', () => {
  const blobs = new Map<string, Buffer>();
  const put = (bytes: Buffer): Descriptor => {
    const descriptor = { mediaType: 'x', digest: digestOf(bytes), size: bytes.length };
    blobs.set(descriptor.digest, bytes);
    return descriptor;
  };
  const find = (root: object | Buffer): Promise<readonly Buffer[]> => findCacheDocuments(Buffer.isBuffer(root) ? root : Buffer.from(JSON.stringify(root)), async ({ digest: wanted }) => blobs.get(wanted) ?? Buffer.alloc(0), 'the reference');
  const image = (config: object): object => ({ schemaVersion: 2, config: { ...put(Buffer.from(JSON.stringify({ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [digest('layer')] }, history: [{ created: '2026-01-02T03:04:05Z' }], ...config }))), mediaType: MEDIA_TYPES.config }, layers: [blob] });

  test('a cache', async () => {
    const bytes = encodeCacheDocument(document);
    put(bytes);
    expect((await find(cacheManifest(bytes, [blob]).bytes))[0]).toEqual(bytes);
  });

  test('an image with its cache in it: the layers are its own', async () => {
    const records = [{ key: digest('key'), identity: digest('identity'), layers: 1 }, { key: digest('other'), identity: digest('other') }];
    const [found = Buffer.alloc(0)] = await find(image({ 'strake.cache.v1': inlineCache(records) }));
    expect(parseCacheDocument(found, 'it')).toEqual({
      layers: [{ diffId: digest('layer'), blob }],
      states: [{ layer: 0, created: '2026-01-02T03:04:05Z' }],
      records: [{ key: digest('key'), identity: digest('identity'), state: 0 }, { key: digest('other'), identity: digest('other') }],
    });
  });

  test.each<[string, object, string]>([
    ['an image without one', image({}), 'an image without a cache in it'],
    ["an image with BuildKit's", image({ 'moby.buildkit.cache.v0': 'eyJ9' }), "BuildKit's inline cache: its keys are those of another builder"],
    ["BuildKit's", { schemaVersion: 2, config: { ...blob, mediaType: 'application/vnd.buildkit.cacheconfig.v0' }, layers: [] }, 'a cache of BuildKit'],
    ['another artefact', { schemaVersion: 2, config: { ...blob, mediaType: 'application/vnd.example' }, layers: [] }, 'has the type "application/vnd.example"'],
    ['an empty index', { schemaVersion: 2, manifests: [] }, 'an empty index'],
    ['too large an index', { schemaVersion: 2, manifests: Array.from({ length: 65 }, () => blob) }, 'more than the 64'],
    ['more layers than there are', image({ 'strake.cache.v1': inlineCache([{ key: digest('a'), identity: digest('a'), layers: 2 }]) }), ''],
  ])('%s', async (_what, root, message) => {
    const read = async (): Promise<unknown> => parseCacheDocument((await find(root))[0] ?? Buffer.alloc(0), 'it');
    await expect(read()).rejects.toThrow(message === '' ? 'the number 1 where one from 0 to 0 must be' : message);
  });

  test("BuildKit's old form, an index of layers, is called by its name", async () => {
    const config = put(Buffer.from('{}'));
    await expect(find({ schemaVersion: 2, manifests: [{ ...blob, mediaType: MEDIA_TYPES.layerGzip }, { ...config, mediaType: 'application/vnd.buildkit.cacheconfig.v0' }] })).rejects.toThrow('a cache of BuildKit');
  });
});
