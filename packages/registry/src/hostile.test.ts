import { hostPlatform, openStore, type Store } from '@strake/oci';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRegistryClient, type RegistryClient } from './registry-client';
import { startScripted, type ScriptedServer } from './test-support/scripted-server';
import { tinyImage, tinyIndex, type TinyImage } from './test-support/tiny-image';

const image = tinyImage([Buffer.from('layer')], { platform: { ...hostPlatform() } });
const [layer] = image.layers;
if (layer === undefined) throw new TypeError('the image has a layer');
const folder = mkdtempSync(join(tmpdir(), 'strake-hostile-'));
let store: Store;
let server: ScriptedServer | undefined;
let client: RegistryClient;
let stores = 0;

beforeEach(() => {
  store = openStore(join(folder, String((stores += 1))));
  client = createRegistryClient({ env: { HOME: '/nonexistent' }, registries: { attempts: 2 }, wait: async () => undefined });
});

afterEach(async () => {
  await client.close();
  await server?.stop();
  store.close();
});

afterAll(() => rmSync(folder, { recursive: true }));

type Answer = (request: IncomingMessage, response: ServerResponse) => boolean;

/** A registry that has one image and answers some requests in its own way. */
async function registryWith({ manifest, manifestBytes, blobs }: TinyImage, answer: Answer): Promise<string> {
  server = await startScripted((request, response) => {
    const url = request.url ?? '';
    if (url === '/v2/') return void response.end('{}');
    if (answer(request, response)) return;
    const digest = /(sha256:[0-9a-f]{64})$/.exec(url)?.[1];
    const bytes = digest === undefined ? manifestBytes : blobs.get(digest as keyof object);
    if (bytes === undefined) return void response.writeHead(404).end();
    response.writeHead(200, { ...(url.includes('/manifests/') ? { 'content-type': manifest.mediaType } : {}), 'content-length': bytes.length }).end(bytes);
  });
  return `${server.host}/app:1`;
}

const at = (part: string, answer: (response: ServerResponse) => void): Answer => (request, response) => {
  if (request.url?.includes(part) !== true) return false;
  answer(response);
  return true;
};

const endless = (type?: string) => (response: ServerResponse): void => {
  response.writeHead(200, type === undefined ? {} : { 'content-type': type });
  const piece = Buffer.alloc(1 << 16, ' ');
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
  };
  response.on('drain', more);
  more();
};

const lying = tinyImage([Buffer.from('x')], { platform: { ...hostPlatform() }, lies: true });
const deep = [1, 2, 3, 4, 5, 6].reduce<TinyImage>((inner) => tinyIndex([{ image: inner, platform: { ...hostPlatform() } }]), image);

test.each<[string, TinyImage, Answer, string]>([
  ['a manifest without end', image, at('/manifests/', endless(image.manifest.mediaType)), 'IMAGE_INVALID'],
  ['a manifest that says it is huge', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': image.manifest.mediaType, 'content-length': 1 << 30 }).end()), 'IMAGE_INVALID'],
  ['no JSON', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': image.manifest.mediaType }).end('{"schemaVersion":')), 'IMAGE_INVALID'],
  ['a web page', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>')), 'IMAGE_INVALID'],
  ['an image sent as a web page', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': 'text/html' }).end(image.manifestBytes)), 'IMAGE_INVALID'],
  ['an image sent as an index', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': 'application/vnd.oci.image.index.v1+json' }).end(image.manifestBytes)), 'IMAGE_INVALID'],
  ["Docker's first format", image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': 'application/vnd.docker.distribution.manifest.v1+prettyjws' }).end('{"schemaVersion":1}')), 'UNSUPPORTED'],
  ['a digest header that is another', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': image.manifest.mediaType, 'docker-content-digest': `sha256:${'0'.repeat(64)}` }).end(image.manifestBytes)), 'DIGEST_MISMATCH'],
  ['a manifest with a path for a digest', image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': image.manifest.mediaType }).end(image.manifestBytes.toString().replace(layer.digest, 'sha256:../../../../etc/passwd'))), 'IMAGE_INVALID'],
  ['a layer without end', image, at(layer.digest, endless()), 'DIGEST_MISMATCH'],
  ['a layer that is too short', image, at(layer.digest, (response) => response.end('short')), 'DIGEST_MISMATCH'],
  ['a layer that says another length', image, at(layer.digest, (response) => response.writeHead(200, { 'content-length': 3 }).end('abc')), 'DIGEST_MISMATCH'],
  ['a layer of other bytes', image, at(layer.digest, (response) => response.end(Buffer.alloc(layer.size))), 'DIGEST_MISMATCH'],
  ['a layer with another DiffID', lying, () => false, 'DIGEST_MISMATCH'],
  ['redirects without end', image, at('/blobs/', (response) => response.writeHead(307, { location: '/v2/app/blobs/again' }).end()), 'REGISTRY_FAILED'],
  ['a redirect to a file', image, at('/blobs/', (response) => response.writeHead(307, { location: 'file:///etc/passwd' }).end()), 'REGISTRY_FAILED'],
  ['a redirect to nowhere', image, at('/blobs/', (response) => response.writeHead(307, { location: 'http://[' }).end()), 'REGISTRY_FAILED'],
  ['indexes in indexes in indexes', deep, () => false, 'IMAGE_INVALID'],
  ['a connection that ends at once', image, at('/manifests/', (response) => response.socket?.destroy()), 'REGISTRY_UNREACHABLE'],
])('%s is an error, and the store refers to nothing', async (_, what, answer, code) => {
  const name = await registryWith(what, answer);
  await expect(client.pull(store, name, { platform: hostPlatform() })).rejects.toMatchObject({ code });
  expect([store.names.list(), store.images.list(), store.layers.list()]).toEqual([[], [], []]);
  const left = readdirSync(join(store.root, 'tmp')).flatMap((work) => readdirSync(join(store.root, 'tmp', work)));
  expect(left.filter((file) => file !== 'lock')).toEqual([]);
});

test('the same registry without tricks is fine', async () => {
  const name = await registryWith(image, () => false);
  await client.pull(store, name, { platform: hostPlatform() });
  expect(store.names.get(name)?.manifest).toEqual(image.manifest);
});

test('what is pinned by a digest has that digest', async () => {
  const other = tinyImage([Buffer.from('other')]);
  const name = await registryWith(image, at('/manifests/', (response) => response.writeHead(200, { 'content-type': other.manifest.mediaType }).end(other.manifestBytes)));
  await expect(client.resolve(name.replace(':1', `@${image.manifest.digest}`))).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
});

test('a platform that is not there is told with those that are', async () => {
  const index = tinyIndex([{ image, platform: { os: 'linux', architecture: 's390x' } }, { image, platform: { os: 'linux', architecture: 'arm', variant: 'v6' } }]);
  const name = await registryWith(index, () => false);
  await expect(client.bringBase(store, name, { os: 'linux', architecture: 'riscv64' })).rejects.toMatchObject({ code: 'IMAGE_MISSING', hint: expect.stringContaining('linux/s390x, linux/arm/v6') as unknown });
});

test.each([
  ['elsewhere, with credentials in it', (host: string) => `http://user:password@${host}/v2/app/blobs/uploads/1`],
  ['out of its path', () => '/v2/app/blobs/uploads/../../../../etc/1'],
])('an upload that is sent %s goes there without ours', async (_, location) => {
  const other = await startScripted((request, response) => void request.resume().on('end', () => response.writeHead(201).end()));
  server = await startScripted((request, response) => {
    const { method, url = '' } = request;
    request.resume().on('end', () => {
      if (url === '/v2/') return response.end('{}');
      if (method === 'HEAD') return response.writeHead(404).end();
      if (method === 'POST') return response.writeHead(202, { location: location(other.host) }).end();
      return response.writeHead(201).end();
    });
  });
  const name = `${server.host}/app:1`;
  for (const [, bytes] of image.blobs) store.blobs.write('', bytes);
  await client.push(store, image.manifest, name, {});
  const puts = [...other.requests, ...server.requests].filter(({ method, path }) => method === 'PUT' && !path.includes('manifests'));
  expect(puts.length).toBe(2);
  for (const { headers } of puts) expect(headers.authorization).toBeUndefined();
  await other.stop();
});

test('a list of tags without end is given up', async () => {
  const name = await registryWith(image, (request, response) => {
    if (request.url?.includes('/tags/') !== true) return false;
    response.writeHead(200, { link: '</v2/app/tags/list?n=1000&last=x>; rel="next"' }).end('{"tags":["a"]}');
    return true;
  });
  await expect(client.tags(name.replace(':1', ''))).rejects.toMatchObject({ code: 'REGISTRY_FAILED' });
});
