import { cpSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { cacheManifest, digestOf, encodeCacheDocument, hexOf, MEDIA_TYPES, parseCacheDocument, type CacheDocument } from '@strake/oci';
import { suite } from '../engines/suite';
import { buildsUnmet, Machines, shell, type Machine } from './two-machines';

jest.setTimeout(120_000);

const app = `${shell}RUN echo one > /one\n`;
/** A step that needs the tree of all before it. */
const more = `${app}RUN cat /one\n`;

suite('a cache that is damaged', buildsUnmet, () => {
  let machines: Machines;
  let first: Machine;
  beforeAll(async () => {
    machines = new Machines('hostile-caches');
    first = await machines.machine();
    await first.build(app, { cacheTo: ['type=local,dest=good'] });
  });
  afterAll(() => machines.end());

  const blobs = (folder: string): string => join(machines.folder, folder, 'blobs/sha256');
  const documentIn = (folder: string): CacheDocument => {
    const found = readdirSync(blobs(folder)).map((name) => readFileSync(join(blobs(folder), name))).find((bytes) => bytes.subarray(0, 11).toString() === '{"version":');
    return parseCacheDocument(found ?? Buffer.alloc(0), folder);
  };

  /** A copy of the good cache with another document; what it names is put beside it. */
  function forge(folder: string, change: (document: CacheDocument) => CacheDocument, more: readonly Buffer[] = []): string {
    cpSync(join(machines.folder, 'good'), join(machines.folder, folder), { recursive: true });
    const document = encodeCacheDocument(change(documentIn('good')));
    const { descriptor, bytes } = cacheManifest(document, []);
    for (const blob of [document, bytes, ...more]) writeFileSync(join(blobs(folder), hexOf(digestOf(blob))), blob);
    writeFileSync(join(machines.folder, folder, 'index.json'), JSON.stringify({ schemaVersion: 2, manifests: [{ ...descriptor, annotations: { 'org.opencontainers.image.ref.name': 'latest' } }] }));
    return `type=local,src=${folder}`;
  }

  /** The step whose layer is spoilt is made again, which is told; what comes of it is what would come without a cache. */
  async function expectRefused(cacheFrom: string, message: string): Promise<void> {
    const second = await machines.machine();
    const { steps, warnings } = await second.build(more, { cacheFrom: [cacheFrom] });
    expect(warnings).toMatchObject([{ code: 'CacheLayersLost', message: expect.stringContaining(message) as string, range: { start: { line: 5 } } }]);
    expect(Object.values(steps)).toEqual(['local', 'local', 'made', 'made'].map((how) => expect.stringMatching(new RegExp(`^${how}`)) as string));
    expect(await second.build(more)).toMatchObject({ warnings: [], steps: Object.fromEntries(Object.keys(steps).map((step) => [step, 'here'])) });
  }

  const top = ({ layers }: CacheDocument): NonNullable<CacheDocument['layers'][number]['blob']> => layers.at(-1)?.blob as NonNullable<CacheDocument['layers'][number]['blob']>;

  test('other bytes than its digest says', async () => {
    const cacheFrom = forge('bytes', (document) => document);
    const path = join(blobs('bytes'), hexOf(top(documentIn('good')).digest));
    writeFileSync(path, Buffer.alloc(statSync(path).size, 1));
    await expectRefused(cacheFrom, 'expected sha256:');
  });

  test('more bytes than it says, and no end of them', async () => {
    const cacheFrom = forge('endless', (document) => document);
    const path = join(blobs('endless'), hexOf(top(documentIn('good')).digest));
    writeFileSync(path, Buffer.concat([readFileSync(path), Buffer.alloc(64 << 20)]));
    await expectRefused(cacheFrom, 'but has more');
  });

  test('a layer that is another one', async () => {
    const other = gzipSync(Buffer.alloc(1024));
    const blob = { mediaType: MEDIA_TYPES.layerGzip, digest: digestOf(other), size: other.length };
    await expectRefused(forge('other', ({ layers, ...rest }) => ({ ...rest, layers: [...layers.slice(0, -1), { diffId: layers.at(-1)?.diffId ?? digestOf(''), blob }] }), [other]), 'DiffID');
  });

  test('a layer that is no archive', async () => {
    const other = gzipSync('no archive');
    const blob = { mediaType: MEDIA_TYPES.layerGzip, digest: digestOf(other), size: other.length };
    await expectRefused(forge('junk', ({ layers, ...rest }) => ({ ...rest, layers: [...layers.slice(0, -1), { diffId: digestOf('no archive'), blob }] }), [other]), '');
  });

  test('a layer that is not there', async () => {
    await expectRefused(forge('missing', ({ layers, ...rest }) => ({ ...rest, layers: [...layers.slice(0, -1), { diffId: digestOf('x'), blob: { mediaType: MEDIA_TYPES.layer, digest: digestOf('nowhere'), size: 7 } }] })), 'lacks sha256:');
  });

  test('an image is not made of layers that are not what they should be', async () => {
    const other = gzipSync(Buffer.alloc(1024));
    const blob = { mediaType: MEDIA_TYPES.layerGzip, digest: digestOf(other), size: other.length };
    const cacheFrom = forge('image', ({ layers, ...rest }) => ({ ...rest, layers: [...layers.slice(0, -1), { diffId: layers.at(-1)?.diffId ?? digestOf(''), blob }] }), [other]);
    const second = await machines.machine();
    await expect(second.build(app, { cacheFrom: [cacheFrom], tags: ['app'] })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect(second.content().blobs).not.toContain(blob.digest);
  });

  test.each<[string, () => string, string]>([
    ['no index', () => 'no index', 'is no JSON'],
    ['an index whose digests are paths', () => JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: MEDIA_TYPES.manifest, digest: 'sha256:../../../../etc/passwd', size: 1, annotations: { 'org.opencontainers.image.ref.name': 'latest' } }] }), 'invalid digest'],
    ['an index of the whole disk', () => JSON.stringify({ schemaVersion: 2, manifests: [{ mediaType: MEDIA_TYPES.manifest, digest: top(documentIn('good')).digest, size: 2 ** 40, annotations: { 'org.opencontainers.image.ref.name': 'latest' } }] }), 'more than the'],
    ['a layer for a document', () => JSON.stringify({ schemaVersion: 2, manifests: [{ ...top(documentIn('good')), annotations: { 'org.opencontainers.image.ref.name': 'latest' } }] }), 'is no JSON'],
  ])('%s is a warning', async (name, index, message) => {
    const folder = name.replaceAll(' ', '-');
    cpSync(join(machines.folder, 'good'), join(machines.folder, folder), { recursive: true });
    writeFileSync(join(machines.folder, folder, 'index.json'), index());
    expect((await first.build(app, { cacheFrom: [`type=local,src=${folder}`] })).warnings).toMatchObject([{ code: 'CacheNotImported', message: expect.stringContaining(message) as string }]);
  });

});
