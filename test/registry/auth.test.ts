import { hostPlatform, openStore, type Store } from '@strake/oci';
import { createRegistryClient, type RegistriesConfig, type RegistryClient } from '@strake/registry';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { intoStore, tinyImage } from '../../packages/registry/src/test-support/tiny-image';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { createBuilder } from 'strake';
import { suite } from '../engines/suite';
import { makeCertificates, type Certificates } from './certificates';
import { startTokenServer, type TokenServer } from './token-server';

const unmet = dockerRegistryUnmet() ?? unmetNeed({ programs: ['openssl'] });
const image = tinyImage([Buffer.from('content')], { platform: { ...hostPlatform() } });
let folder: string;
let certificates: Certificates;
let store: Store;
const clients: RegistryClient[] = [];

beforeAll(async () => {
  if (unmet !== undefined) return;
  folder = makeFolder('auth');
  certificates = await makeCertificates(folder);
  store = openStore(join(folder, 'store'));
});

afterAll(async () => {
  if (unmet !== undefined) return;
  store.close();
  await removeFolder(folder);
});

afterEach(() => Promise.all(clients.splice(0).map((client) => client.close())));

/** A client with a home of its own. */
function newClient(home: string, registries: RegistriesConfig = {}): RegistryClient {
  const client = createRegistryClient({ env: { HOME: home, PATH: `${home}/bin:${process.env['PATH'] ?? ''}` }, registries, wait: async () => undefined });
  clients.push(client);
  return client;
}

const newHome = (): string => mkdtempSync(join(folder, 'home-'));

async function push(client: RegistryClient, name: string): Promise<void> {
  intoStore(store, image, name);
  await client.push(store, name, name, {});
}

suite('tokens of an authorisation server', unmet, () => {
  let tokens: TokenServer;
  let registry: TestRegistry;

  beforeAll(async () => {
    tokens = await startTokenServer(certificates.key, certificates.certificate);
    registry = await startDockerRegistry({ auth: `  token:\n    realm: ${tokens.realm}\n    service: test-registry\n    issuer: test\n    rootcertbundle: ${certificates.authority}` });
  });

  afterAll(async () => {
    await registry.stop();
    await tokens.stop();
  });

  test('nobody is refused, with a hint', async () => {
    await expect(newClient(newHome()).resolve(`${registry.host}/private/app:1`)).rejects.toMatchObject({ code: 'REGISTRY_DENIED', hint: expect.stringContaining(`strake login ${registry.host}`) as unknown });
  });

  test('a wrong password is refused and not kept', async () => {
    const home = newHome();
    await expect(newClient(home).logIn({ server: registry.host, username: 'me', password: 'guess' })).rejects.toMatchObject({ code: 'REGISTRY_DENIED', message: expect.stringContaining('incorrect username or password') as unknown });
    expect(() => statSync(join(home, '.docker/config.json'))).toThrow();
  });

  test('a log-in gets an identity token, which then gets tokens by POST; the password is nowhere', async () => {
    const home = newHome();
    const client = newClient(home);
    await client.logIn({ server: registry.host, username: 'me', password: 'secret' });
    const file = join(home, '.docker/config.json');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readFileSync(file, 'utf8')).not.toContain(Buffer.from('me:secret').toString('base64'));
    const before = tokens.requests.length;
    await push(newClient(home), `${registry.host}/private/app:1`);
    const asked = tokens.requests.slice(before);
    expect(asked.map(({ method, who }) => [method, who])).toEqual(asked.map(() => ['POST', 'refresh_token:me']));
    expect(asked[0]?.scopes).toEqual(['repository:private/app:pull,push']);
    // One for all requests on the repository.
    expect(asked.length).toBe(1);
  });

  test('a name and a password by GET, and by POST where there is no GET; the same token for many requests', async () => {
    const home = newHome();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from('me:secret').toString('base64') } } }));
    const before = tokens.requests.length;
    await push(newClient(home), `${registry.host}/public/app:1`);
    await newClient(home).pull(openStore(join(home, 'store')), `${registry.host}/public/app:1`, { platform: hostPlatform() });
    expect(tokens.requests.slice(before).map(({ method, who, scopes }) => [method, who, ...scopes])).toEqual([
      ['GET', 'password:me', 'repository:public/app:pull,push'],
      // To mount what the other repository has.
      ['GET', 'password:me', 'repository:public/app:pull,push', 'repository:private/app:pull'],
      ['GET', 'password:me', 'repository:public/app:pull'],
    ]);
    tokens.onlyPost();
    const after = tokens.requests.length;
    await newClient(home).resolve(`${registry.host}/public/app:1`);
    expect(tokens.requests.slice(after).map(({ method, who }) => [method, who])).toEqual([['POST', 'password:me']]);
  });

  test('a program answers for the host, and nothing of this machine is asked', async () => {
    const home = newHome();
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ auths: { [registry.host]: { auth: Buffer.from('me:guess').toString('base64') } }, credsStore: 'missing' }));
    const asked: string[] = [];
    const credentials = async (host: string, repository?: string): Promise<{ readonly username: string; readonly password: string }> => {
      asked.push(`${host}/${repository ?? ''}`);
      return { username: 'me', password: 'secret' };
    };
    const builder = await createBuilder({ store: join(home, 'store'), env: { HOME: home, PATH: '/bin' }, credentials });
    try {
      await builder.registries().pull(`${registry.host}/private/app:1`);
      expect(asked).toEqual([`${registry.host}/private/app`]);
      await expect(builder.registries().logOut(registry.host)).rejects.toMatchObject({ code: 'USAGE' });
    } finally {
      await builder.close();
    }
  });
});

suite('names and passwords', unmet, () => {
  let registry: TestRegistry;

  beforeAll(async () => {
    const users = join(folder, 'htpasswd');
    // "open sesame", bcrypt
    writeFileSync(users, 'me:$2b$04$1d6g01pknOoGR9/5HrcjPOnRoQ4cclElhPQod5j8h8O1DHwUesR6S\n');
    registry = await startDockerRegistry({ auth: `  htpasswd:\n    realm: test\n    path: ${users}` });
  });

  afterAll(() => registry.stop());

  test('a log-in is verified and kept; a log-out forgets it', async () => {
    const home = newHome();
    const client = newClient(home);
    await expect(client.logIn({ server: registry.host, username: 'me', password: 'wrong' })).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
    await client.logIn({ server: `http://${registry.host}/v2/`, username: 'me', password: 'open sesame' });
    await push(newClient(home), `${registry.host}/app:1`);
    await expect(client.userOf(registry.host)).resolves.toBe('me');
    await expect(client.logOut(registry.host)).resolves.toBe(true);
    await expect(newClient(home).resolve(`${registry.host}/app:1`)).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
  });

  test('with a credential helper the secret goes to it', async () => {
    const home = newHome();
    mkdirSync(join(home, 'bin'));
    mkdirSync(join(home, '.docker'));
    writeFileSync(join(home, '.docker/config.json'), JSON.stringify({ credHelpers: { [registry.host]: 'test' } }));
    writeFileSync(join(home, 'bin/docker-credential-test'), `#!/bin/sh\ncase $1 in store) cat > ${home}/kept ;; get) cat ${home}/kept ;; esac\n`);
    chmodSync(join(home, 'bin/docker-credential-test'), 0o755);
    await expect(newClient(home).logIn({ server: registry.host, username: 'me', password: 'open sesame' })).resolves.toMatchObject({ helper: 'test' });
    expect(readFileSync(join(home, '.docker/config.json'), 'utf8')).not.toContain('auth":');
    await push(newClient(home), `${registry.host}/helped:1`);
  });
});

suite('certificates', unmet, () => {
  let registry: TestRegistry;
  const name = (): string => `${registry.host}/app:1`;

  beforeAll(async () => {
    registry = await startDockerRegistry({ tls: { ...certificates } });
  });

  afterAll(() => registry.stop());

  test.each<[string, (home: string) => RegistriesConfig]>([
    ['an authority by its file', () => ({ certificates: { [registry.host]: certificates.authority } })],
    ['a folder with a folder for the host', (home) => {
      mkdirSync(join(home, 'certs.d', registry.host), { recursive: true });
      writeFileSync(join(home, 'certs.d', registry.host, 'ca.crt'), readFileSync(certificates.authority));
      return { certificateFolders: [join(home, 'certs.d')] };
    }],
    ['this machine without any', () => ({})],
  ])('%s', async (_, registries) => {
    const home = newHome();
    await push(newClient(home, registries(home)), name());
  });

  test('with an authority that did not sign it nothing is sent', async () => {
    const home = newHome();
    const other = await makeCertificates(home);
    const client = newClient(home, { certificates: { [registry.host]: other.authority } });
    await expect(client.resolve(name())).rejects.toMatchObject({ code: 'REGISTRY_UNREACHABLE', hint: expect.any(String) as unknown });
  });
});
