import { openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistryClient } from '@strake/registry';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { startScripted, type Script, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';
import { intoStore, tinyImage } from '../../packages/registry/src/test-support/tiny-image';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { suite } from '../engines/suite';

const env = { HOME: '/nonexistent', PATH: process.env['PATH'] };

suite('layers are uploaded while they are compressed', dockerRegistryUnmet(), () => {
  let registry: TestRegistry;
  let folder: string;
  let proxy: ScriptedServer;
  let client: RegistryClient;
  let store: Store;
  let stores = 0;

  beforeAll(async () => {
    folder = makeFolder('follow');
    registry = await startDockerRegistry();
  });

  beforeEach(() => {
    store = openStore(join(folder, `store${(stores += 1)}`));
  });

  afterEach(async () => {
    await client.close();
    await proxy.stop();
    store.close();
  });

  afterAll(async () => {
    await registry.stop();
    await removeFolder(folder);
  });

  /** A client that sees the registry through a script, and a reference there. */
  async function through(script: Script, registries = {}): Promise<string> {
    proxy = await startScripted(script);
    client = createRegistryClient({ env, registries, wait: async () => undefined });
    return `${proxy.host}/app${stores}:1`;
  }

  const plain: Script = (_request, _response, forward) => forward(registry.host);
  const build = (name: string, contents = [randomBytes(9_000_000), Buffer.alloc(3_000_000, 'text ')]) => intoStore(store, tinyImage(contents, { plain: true }), name);
  const asked = (method: string): readonly string[] => proxy.requests.filter((request) => request.method === method && request.path.includes('/blobs/')).map(({ path }) => path);

  /** What was pushed, pulled into another store: every digest is verified there. */
  async function pullsBack(name: string): Promise<void> {
    const other = openStore(join(folder, `other${stores}`));
    try {
      await client.pull(other, name.replace(proxy.host, registry.host), {});
    } finally {
      other.close();
    }
  }

  test('each once, and no byte is asked for or sent again', async () => {
    const name = await through(plain);
    build(name);
    await client.push(store, name, name, {});
    expect(asked('PATCH')).toHaveLength(2);
    // The config alone goes the usual way.
    expect(asked('HEAD')).toHaveLength(1);
    expect(asked('PUT')).toHaveLength(3);
    await pullsBack(name);
  });

  test('and mounted by the next push to a neighbour, and skipped by the next to the same', async () => {
    const name = await through(plain);
    build(name);
    await client.push(store, name, name, {});
    const before = asked('PATCH').length;
    await client.push(store, name, name.replace('app', 'neighbour'), {});
    await client.push(store, name, name, {});
    expect(asked('PATCH').length).toBe(before);
    expect(proxy.requests.filter(({ path }) => path.includes('mount='))).toHaveLength(3);
  });

  test.each<[string, Script]>([
    ['it breaks in the middle', (request, response, forward) => (request.method === 'PATCH' ? void request.once('data', () => response.socket?.destroy()) : forward(registry.host))],
    ['it knows no such request', (request, response, forward) => (request.method === 'PATCH' ? void request.resume().on('end', () => response.writeHead(405).end()) : forward(registry.host))],
    ['it answers before all has come', (request, response, forward) => (request.method === 'PATCH' ? void request.once('data', () => response.writeHead(202, { location: '/v2/elsewhere' }).end()) : forward(registry.host))],
    ['it does not say where to close it', (request, response, forward) => (request.method === 'PATCH' ? void request.resume().on('end', () => response.writeHead(202).end()) : forward(registry.host))],
    ['it loses what it took', (request, response, forward) => (request.method === 'PUT' && request.headers['content-length'] === '0' && request.url?.includes('digest=') === true ? void response.writeHead(404).end('{"errors":[{"code":"BLOB_UPLOAD_UNKNOWN"}]}') : forward(registry.host))],
  ])('where %s, the usual way follows', async (_, script) => {
    const name = await through(script);
    build(name);
    await client.push(store, name, name, {});
    expect(asked('PATCH').length).toBeGreaterThan(0);
    await pullsBack(name);
  });

  test('whoever may not push is told so', async () => {
    const name = await through((request, response, forward) => (request.method === 'POST' ? void response.writeHead(403).end('{"errors":[{"code":"DENIED","message":"read only"}]}') : forward(registry.host)));
    build(name);
    await expect(client.push(store, name, name, {})).rejects.toMatchObject({ code: 'REGISTRY_DENIED', message: expect.stringContaining('read only') as unknown });
    expect(asked('PATCH')).toEqual([]);
  });

  test('called off in the middle, it ends, and the store has no half of a layer', async () => {
    const control = new AbortController();
    const name = await through((request, _response, forward) => {
      if (request.method === 'PATCH') request.once('data', () => control.abort());
      forward(registry.host);
    });
    build(name, [randomBytes(30_000_000)]);
    const before = store.blobs.list().length;
    await expect(client.push(store, name, name, {}, { signal: control.signal })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(store.blobs.list()).toHaveLength(before);
  });

  test('not where pieces of a size are asked for', async () => {
    const name = await through(plain, { chunkSize: 1_000_000 });
    build(name, [Buffer.alloc(2_000_000, randomBytes(5000))]);
    await client.push(store, name, name, {});
    expect(asked('PATCH').length).toBeGreaterThan(0);
    expect(proxy.requests.filter(({ method, headers }) => method === 'PATCH' && headers['content-range'] === undefined)).toEqual([]);
    await pullsBack(name);
  });
});
