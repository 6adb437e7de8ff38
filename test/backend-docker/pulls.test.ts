import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { makeBases } from '../bases/bases';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';

suite('pulls of an engine', debianDockerUnmet() ?? dockerRegistryUnmet(), () => {
  let folder = '';
  let engine: DockerEngine;
  let registry: TestRegistry;
  let name = '';
  const builders: Builder[] = [];
  const docker = (...args: readonly string[]): Promise<string> => mustRun([debianDockerClient, '-H', engine.host, ...args], { env: { DOCKER_CONFIG: join(folder, 'knows') } });

  beforeAll(async () => {
    folder = makeFolder('pulls');
    // "open sesame", bcrypt
    writeFileSync(join(folder, 'users'), 'me:$2b$04$1d6g01pknOoGR9/5HrcjPOnRoQ4cclElhPQod5j8h8O1DHwUesR6S\n');
    registry = await startDockerRegistry({ auth: `  htpasswd:\n    realm: test\n    path: ${join(folder, 'users')}` });
    name = `${registry.host}/base:1`;
    const auth = Buffer.from('me:open sesame').toString('base64');
    // Another name of the same registry: what is known for the one is nobody's business at the other.
    const configs = { knows: { [registry.host]: { auth } }, other: { [registry.host.replace('127.0.0.1', 'localhost')]: { auth } } };
    for (const [home, auths] of Object.entries(configs)) {
      mkdirSync(join(folder, home));
      writeFileSync(join(folder, home, 'config.json'), JSON.stringify({ auths }));
    }
    engine = await startDebianDocker();
    const base = (await makeBases(join(folder, 'bases'))).find((one) => one.name === 'example.test/base:1');
    await docker('load', '-i', base?.archive ?? '');
    await docker('tag', 'example.test/base:1', name);
    await docker('push', name);
  }, 120_000);

  afterAll(async () => {
    for (const builder of builders) await builder.close();
    await engine?.stop();
    await registry?.stop();
    await removeFolder(folder);
  }, 60_000);

  const forget = (): Promise<unknown> => run([debianDockerClient, '-H', engine.host, 'rmi', '-f', name, 'example.test/base:1']);

  async function from(base: string, home: 'knows' | 'other', options: object = {}): Promise<string> {
    const builder = await createBuilder({ store: join(folder, `store-${home}`), backend: 'docker', backendOptions: { host: engine.host }, env: { HOME: join(folder, home), DOCKER_CONFIG: join(folder, home), PATH: process.env['PATH'] ?? '' } });
    builders.push(builder);
    return (await builder.build({ dockerfile: { text: `FROM ${base}\nENV A=1\n`, name: 'Dockerfile' }, ...options })).imageId;
  }

  it('credentials go to the registry that they are for, and to no other', async () => {
    await forget();
    await expect(from(name, 'other')).rejects.toMatchObject({ code: 'REGISTRY_DENIED', hint: expect.stringContaining(`docker login ${registry.host}`) as unknown });
    await expect(from(name, 'knows')).resolves.toMatch(/^sha256:/);
  }, 60_000);

  it('what is there is used, unless it is wanted anew', async () => {
    await forget();
    for (const options of [{ pull: 'never' }, { offline: true }]) await expect(from(name, 'knows', options)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
    await from(name, 'knows', { pull: 'missing' });
    for (const options of [{ pull: 'never' }, { offline: true }, { pull: 'missing' }]) await expect(from(name, 'other', options)).resolves.toMatch(/^sha256:/);
    await expect(from(name, 'other', { pull: 'always' })).rejects.toMatchObject({ code: 'REGISTRY_DENIED' });
    await expect(from(name, 'knows', { pull: 'always' })).resolves.toMatch(/^sha256:/);
  }, 60_000);

  it('a digest is what is pulled, and asked for once', async () => {
    const [digest = ''] = JSON.parse(await docker('image', 'inspect', '-f', '{{json .RepoDigests}}', name)) as readonly string[];
    await forget();
    await from(digest, 'knows');
    await expect(from(digest, 'other', { pull: 'always' })).resolves.toMatch(/^sha256:/);
    await expect(from(`${registry.host}/base@sha256:${'0'.repeat(64)}`, 'knows')).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
  }, 60_000);
});
