import { hostPlatform, openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistryClient } from '@strake/registry';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { openSync, readdirSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as until } from 'node:timers/promises';
import { startScripted, type Change, type Script, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';
import { intoStore, tinyImage } from '../../packages/registry/src/test-support/tiny-image';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { dockerRegistryUnmet, startDockerRegistry, type RestartedRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { makeCertificates } from './certificates';
import { endOf, startTokenServer, type TokenServer } from './token-server';

const image = tinyImage([randomBytes(8_000_000), Buffer.from('small')]);
const [large] = image.layers;
if (large === undefined) throw new TypeError('the image has layers');

let folder: string;
const unmet = dockerRegistryUnmet() ?? strakeUnmet() ?? unmetNeed({ programs: ['openssl'] });

beforeAll(() => void (folder = makeFolder('interrupted')));
afterAll(() => removeFolder(folder));

suite('transfers that are interrupted', unmet, () => {
  let registry: RestartedRegistry;
  let proxy: ScriptedServer;
  let stores = 0;

  beforeAll(async () => {
    registry = await startDockerRegistry();
    await withClient((client) => withStore((store) => {
      intoStore(store, image, `${registry.host}/app:1`);
      return client.push(store, `${registry.host}/app:1`, `${registry.host}/app:1`, {});
    }));
  });
  afterEach(() => proxy.stop());
  afterAll(() => registry.stop());

  async function withClient<T>(work: (client: RegistryClient) => Promise<T>): Promise<T> {
    const client = createRegistryClient({ env: { HOME: '/nonexistent' } });
    return work(client).finally(() => client.close());
  }

  async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
    const store = openStore(join(folder, `store${(stores += 1)}`));
    return work(store).finally(() => store.close());
  }

  const isLarge = (path: string | undefined): boolean => path?.endsWith(large?.digest ?? '') === true;
  const through: Script = (_request, _response, forward) => forward(registry.host);
  /** Gives so many bytes and then nothing more. */
  const stallAfter = (bytes: number): Change => (answer, response) => {
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    let left = bytes;
    answer.on('data', (chunk: Buffer) => {
      response.write(chunk.subarray(0, Math.max(0, left)));
      left -= chunk.length;
    });
  };

  /** Kills a pull when so much of the large layer has come that it is worth keeping; answers the store and what it has of the layer. */
  async function killedPull(): Promise<{ readonly store: string; readonly partial: string }> {
    const store = join(folder, `killed${(stores += 1)}`);
    const partial = join(store, 'partial', large?.digest.slice(7) ?? '');
    proxy = await startScripted((request, _response, forward) => forward(registry.host, isLarge(request.url) ? stallAfter(5_000_000) : undefined));
    const [program = '', ...args] = [...strakeCommand, '--store', store, 'pull', '--quiet', `${proxy.host}/app:1`];
    const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, HOME: folder } });
    const ended = once(child, 'exit');
    for (const limit = Date.now() + 30_000; (statSync(partial, { throwIfNoEntry: false })?.size ?? 0) < 4_900_000 && Date.now() < limit; ) await until(10);
    child.kill('SIGKILL');
    expect(await ended).toEqual([null, 'SIGKILL']);
    await proxy.stop();
    return { store, partial };
  }

  async function pullAgain(store: string): Promise<readonly (string | undefined)[]> {
    proxy = await startScripted(through);
    await mustRun([...strakeCommand, '--store', store, 'pull', '--quiet', `${proxy.host}/app:1`], { env: { HOME: folder } });
    const opened = openStore(store);
    expect([opened.blobs.read(large?.digest ?? 'sha256:').length, opened.unfinished(), opened.blobs.listPartial()]).toEqual([large?.size, [], []]);
    opened.close();
    return proxy.requests.filter(({ path }) => isLarge(path)).map(({ headers }) => headers.range);
  }

  test('a pull that was killed goes on where it was, and leaves the store clean', async () => {
    const { store, partial } = await killedPull();
    const { size } = statSync(partial);
    await mustRun([...strakeCommand, '--store', store, 'images', '--all']);
    expect(await pullAgain(store)).toEqual([`bytes=${size}-`]);
  });

  test('what it left is not believed', async () => {
    const { store, partial } = await killedPull();
    const fd = openSync(partial, 'r+');
    writeSync(fd, Buffer.alloc(1000), 0, 1000, 1_000_000);
    expect(await pullAgain(store)).toEqual([expect.stringMatching(/^bytes=\d+-$/), undefined]);
  });

  test('what nobody goes on with goes with a prune', async () => {
    const { store } = await killedPull();
    proxy = await startScripted(through);
    expect(await mustRun([...strakeCommand, '--store', store, 'prune', '--force'])).toContain(`unfinished blob ${large?.digest}`);
    expect(readdirSync(join(store, 'partial'))).toEqual([]);
  });

  test.each([['one request', false], ['a request that follows the compression', true]])('a registry that is restarted while a layer comes in %s gets it all the same', async (_, plain) => {
    let restarts = 0;
    proxy = await startScripted((request, _response, forward) => {
      if ((request.method === 'PATCH' || Number(request.headers['content-length'] ?? 0) > 1_000_000) && restarts++ === 0) request.once('data', () => void registry.restart());
      forward(registry.host);
    });
    const name = `${proxy.host}/restarted-${plain ? 'plain' : 'packed'}:1`;
    await withClient((client) => withStore(async (store) => {
      intoStore(store, tinyImage([randomBytes(6_000_000), Buffer.from('other')], { plain }), name);
      await client.push(store, name, name, {});
    }));
    expect(restarts).toBeGreaterThan(0);
    await withClient((client) => withStore((store) => client.pull(store, name, { platform: hostPlatform() })));
  });
});

suite('tokens that end in the middle', unmet, () => {
  let tokens: TokenServer;
  let registry: RestartedRegistry;
  let proxy: ScriptedServer;
  let client: RegistryClient;
  let store: Store;

  beforeAll(async () => {
    const { key, certificate, authority } = await makeCertificates(folder);
    tokens = await startTokenServer(key, certificate);
    registry = await startDockerRegistry({ auth: `  token:\n    realm: ${tokens.realm}\n    service: test-registry\n    issuer: test\n    rootcertbundle: ${authority}` });
  });
  afterEach(async () => {
    await client.close();
    store.close();
    await proxy.stop();
  });
  afterAll(async () => {
    await registry.stop();
    await tokens.stop();
  });

  /** Each request that `waits` chooses waits, once, until its token is over. */
  async function waiting(name: string, waits: (request: Parameters<Script>[0]) => boolean): Promise<string> {
    const waited = new Set<string>();
    proxy = await startScripted((request, _response, forward) => {
      const what = `${request.method ?? ''} ${request.url?.replace(/\?.*/, '') ?? ''}`;
      if (request.headers.authorization === undefined || waited.has(what) || !waits(request)) return forward(registry.host);
      waited.add(what);
      void until(Math.max(0, endOf(request.headers.authorization) + 50 - Date.now())).then(() => forward(registry.host));
    });
    const auth = join(folder, `auth-${name}.json`);
    writeFileSync(auth, JSON.stringify({ auths: { [proxy.host]: { auth: Buffer.from('me:secret').toString('base64') } } }));
    client = createRegistryClient({ env: { HOME: '/nonexistent', REGISTRY_AUTH_FILE: auth }, wait: async () => undefined });
    store = openStore(join(folder, `tokens-${name}`));
    tokens.life = 1;
    return `${proxy.host}/private/${name}:1`;
  }

  test.each([['packed', false], ['plain', true]])('a push asks for new ones: %s', async (kind, plain) => {
    const name = await waiting(kind, ({ method, url }) => method === 'PATCH' || (method === 'PUT' && url?.includes('/manifests/') !== true));
    intoStore(store, tinyImage([randomBytes(1_500_000)], { plain }), name);
    const before = tokens.requests.length;
    await client.push(store, name, name, {});
    expect(tokens.requests.length - before).toBeGreaterThan(1);
    await client.pull(store, name, {});
  });

  test('a pull does', async () => {
    let name = await waiting('pulled', () => false);
    intoStore(store, image, name);
    await client.push(store, name, name, {});
    await client.close();
    await proxy.stop();
    store.close();
    name = (await waiting('pulled', ({ method, url }) => method === 'GET' && url?.includes('/blobs/') === true));
    const other = openStore(join(folder, 'tokens-other'));
    await client.pull(other, name, { platform: hostPlatform() });
    expect(other.blobs.read(large.digest).length).toBe(large.size);
    other.close();
  });
});
