import { hostPlatform, openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistryClient } from '@strake/registry';
import { createHash, randomBytes } from 'node:crypto';
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutAfter, startScripted, type Script, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';
import { intoStore, tinyImage } from '../../packages/registry/src/test-support/tiny-image';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { suite } from '../engines/suite';

const env = { HOME: '/nonexistent', PATH: process.env['PATH'] };
const image = tinyImage([randomBytes(2_000_000), Buffer.from('small')]);
const [large] = image.layers;
if (large === undefined) throw new TypeError('the image has layers');

suite('a registry that fails now and then', dockerRegistryUnmet(), () => {
  let registry: TestRegistry;
  let folder: string;
  let proxy: ScriptedServer;
  let client: RegistryClient;
  let waited: number[];
  let stores = 0;
  const opened: Store[] = [];
  const newStore = (): Store => {
    const store = openStore(join(folder, `store${(stores += 1)}`));
    opened.push(store);
    return store;
  };

  beforeAll(async () => {
    folder = makeFolder('faults');
    registry = await startDockerRegistry();
    const store = newStore();
    intoStore(store, image, `${registry.host}/app:1`);
    const direct = createRegistryClient({ env });
    await direct.push(store, `${registry.host}/app:1`, `${registry.host}/app:1`, {});
    await direct.close();
  });

  afterEach(async () => {
    await client.close();
    await proxy.stop();
  });

  afterAll(async () => {
    for (const store of opened) store.close();
    await registry.stop();
    await removeFolder(folder);
  });

  async function between(script: Script, registries = {}): Promise<string> {
    waited = [];
    proxy = await startScripted(script);
    client = createRegistryClient({ env, registries, wait: async (milliseconds) => void waited.push(milliseconds) });
    return `${proxy.host}/app:1`;
  }

  const isLarge = (url: string | undefined): boolean => url?.endsWith(large.digest) === true;

  test('a download that breaks goes on where it was', async () => {
    let cuts = 0;
    const name = await between((request, _response, forward) => (isLarge(request.url) && cuts++ < 3 ? forward(registry.host, cutAfter(500_000)) : forward(registry.host)));
    const store = newStore();
    await client.pull(store, name, { platform: hostPlatform() });
    expect(store.blobs.read(large.digest).length).toBe(large.size);
    const ranges = proxy.requests.filter(({ path }) => isLarge(path)).map(({ headers }) => headers.range);
    expect(ranges[0]).toBeUndefined();
    expect(ranges.slice(1)).toHaveLength(3);
    for (const range of ranges.slice(1)) expect(range).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('a server that knows no ranges starts again, and no byte is kept twice', async () => {
    let asked = 0;
    const name = await between((request, _response, forward) => {
      delete request.headers.range;
      if (isLarge(request.url) && asked++ === 0) forward(registry.host, cutAfter(500_000));
      else forward(registry.host);
    });
    const store = newStore();
    await client.pull(store, name, { platform: hostPlatform() });
    expect(store.blobs.read(large.digest).length).toBe(large.size);
  });

  test('a download that always breaks is given up, and the store has nothing of it', async () => {
    const name = await between((request, _response, forward) => (isLarge(request.url) ? forward(registry.host, cutAfter(1000)) : forward(registry.host)));
    const store = newStore();
    await expect(client.pull(store, name, { platform: hostPlatform() })).rejects.toMatchObject({ code: expect.stringMatching(/^(?:REGISTRY_UNREACHABLE|DIGEST_MISMATCH)$/) as unknown });
    expect([store.blobs.has(large.digest), store.names.list(), store.images.list()]).toEqual([false, [], []]);
    expect(waited.length).toBe(6);
  });

  test('429 is waited for as long as it asks, 500 a little longer each time', async () => {
    const answers = [429, 500, 503];
    const name = await between((request, response, forward) => {
      const status = request.url?.includes('manifests') === true ? answers.shift() : undefined;
      if (status === undefined) forward(registry.host);
      else response.writeHead(status, status === 429 ? { 'retry-after': '7' } : {}).end('{"errors":[{"code":"TOOMANYREQUESTS","message":"slower"}]}');
    });
    await client.resolve(name);
    expect(waited).toHaveLength(3);
    expect(waited[0]).toBe(7000);
    expect(waited.slice(1).every((milliseconds) => milliseconds > 100 && milliseconds < 3000)).toBe(true);
  });

  test('whoever asks to be left alone for an hour is left alone', async () => {
    const name = await between((_request, response) => void response.writeHead(429, { 'retry-after': '3600' }).end('{"errors":[{"code":"TOOMANYREQUESTS","message":"come back\\u001b[31m later"}]}'));
    await expect(client.resolve(name)).rejects.toMatchObject({ code: 'REGISTRY_FAILED', message: expect.stringContaining('TOOMANYREQUESTS: come back [31m later') as unknown });
    expect(waited).toEqual([]);
  });

  test('an image for another platform than was asked for is refused before its layers come', async () => {
    const name = await between((_request, _response, forward) => forward(registry.host));
    const store = newStore();
    const platform = { os: 'linux', architecture: 's390x' };
    await expect(client.pull(store, name, { platform, exact: true })).rejects.toMatchObject({ code: 'IMAGE_MISSING', message: `${name} has no image for linux/s390x`, hint: expect.stringContaining('There is linux/amd64') as unknown });
    expect([proxy.requests.some(({ path }) => isLarge(path)), store.names.list()]).toEqual([false, []]);
    // Where nobody asked, the one that there is will do.
    await client.pull(store, name, { platform });
  });

  test('an upload that breaks is sent again', async () => {
    let broken = 0;
    const name = await between((request, response, forward) => {
      if (request.method !== 'PUT' || request.url?.includes('uploads') !== true || broken++ > 0) return forward(registry.host);
      request.once('data', () => response.socket?.destroy());
    });
    const store = newStore();
    const fresh = tinyImage([randomBytes(1_500_000)]);
    intoStore(store, fresh, name);
    const target = name.replace('app', 'fresh');
    await client.push(store, name, target, {});
    expect((await client.resolve(target)).descriptor.digest).toBe(fresh.manifest.digest);
    expect(broken).toBeGreaterThan(1);
  });

  test('what is too large for one request goes in pieces, and a piece that breaks goes on', async () => {
    let patches = 0;
    const name = await between((request, response, forward) => {
      if (request.method === 'PUT' && request.url?.includes('uploads') === true && Number(request.headers['content-length'] ?? 0) > 1_000_000) {
        request.resume().on('end', () => response.writeHead(413).end());
        return;
      }
      if (request.method === 'PATCH' && patches++ === 0) return void request.once('data', () => response.socket?.destroy());
      forward(registry.host);
    });
    const store = newStore();
    const fresh = tinyImage([randomBytes(1_500_000)]);
    intoStore(store, fresh, name);
    const target = name.replace('app', 'fresh');
    await client.push(store, name, target, {});
    expect((await client.resolve(target)).descriptor.digest).toBe(fresh.manifest.digest);
    expect(patches).toBeGreaterThan(1);
  });

  test('uploads in pieces of a chosen size', async () => {
    const name = await between((_request, _response, forward) => forward(registry.host), { chunkSize: 300_000 });
    const store = newStore();
    const fresh = tinyImage([randomBytes(1_000_000)]);
    intoStore(store, fresh, name);
    const target = name.replace('app', 'fresh');
    await client.push(store, name, target, {});
    expect(proxy.requests.filter(({ method }) => method === 'PATCH').length).toBeGreaterThan(3);
    expect((await client.resolve(target)).descriptor.digest).toBe(fresh.manifest.digest);
  });

  test('wrong bytes of the right length are refused', async () => {
    const name = await between((request, _response, forward) => {
      if (!isLarge(request.url)) return forward(registry.host);
      forward(registry.host, (answer, response) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.on('data', (chunk: Buffer) => response.write(Buffer.alloc(chunk.length))).on('end', () => response.end());
      });
    });
    const store = newStore();
    await expect(client.pull(store, name, { platform: hostPlatform() })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
    expect([store.blobs.has(large.digest), store.names.list(), store.images.list()]).toEqual([false, [], []]);
    expect(readdirSync(join(store.root, 'tmp')).flatMap((work) => readdirSync(join(store.root, 'tmp', work)).filter((file) => file !== 'lock'))).toEqual([]);
  });

  test('a redirect to another port gets no credentials, and one back to plain HTTP elsewhere is not followed', async () => {
    const storage = await startScripted((_request, response) => void response.end(image.blobs.get(large.digest)));
    const name = await between((request, response, forward) => {
      if (request.headers.authorization === undefined) return void response.writeHead(401, { 'www-authenticate': 'Basic realm="x"' }).end();
      if (isLarge(request.url)) return void response.writeHead(307, { location: `http://${storage.host}/elsewhere` }).end();
      delete request.headers.authorization;
      forward(registry.host);
    });
    await client.close();
    const home = makeFolder('home');
    client = createRegistryClient({ env: { ...env, REGISTRY_AUTH_FILE: writeAuth(home, { [proxy.host]: 'me:secret' }) } });
    const store = newStore();
    await client.pull(store, name, { platform: hostPlatform() });
    expect(storage.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/elsewhere', undefined]]);
    await storage.stop();
    await removeFolder(home);
  });

  test('a mirror is asked first, and left when its bytes are wrong or it has nothing', async () => {
    const mirror = await startScripted((request, response, forward) => {
      if (!isLarge(request.url)) return forward(registry.host);
      response.end(Buffer.alloc(large.size));
    });
    const name = await between((_request, _response, forward) => forward(registry.host), {});
    await client.close();
    client = createRegistryClient({ env, registries: { mirrors: { [proxy.host]: [`http://${mirror.host}`] } } });
    const store = newStore();
    await client.pull(store, name, { platform: hostPlatform() });
    expect(createHash('sha256').update(store.blobs.read(large.digest)).digest('hex')).toBe(large.digest.slice(7));
    expect(mirror.requests.length).toBeGreaterThan(1);
    expect(proxy.requests.some(({ path }) => path.includes('manifests'))).toBe(false);
    await mirror.stop();
  });
});

function writeAuth(folder: string, users: Readonly<Record<string, string>>): string {
  const file = join(folder, 'auth.json');
  writeFileSync(file, JSON.stringify({ auths: Object.fromEntries(Object.entries(users).map(([host, user]) => [host, { auth: Buffer.from(user).toString('base64') }])) }));
  return file;
}
