import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type BuildOptions } from 'strake';
import { debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { dockerRegistryUnmet, startDockerRegistry } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { suite } from '../engines/suite';
import { startWatchedRegistry, type WatchedRegistry } from './watched-registry';

suite('pulls through an engine', debianDockerUnmet() ?? dockerRegistryUnmet(), () => {
  let folder = '';
  let engine: DockerEngine;
  let locked: WatchedRegistry;
  let open: WatchedRegistry;
  const basic = (password: string): string => `Basic ${Buffer.from(password).toString('base64')}`;

  beforeAll(async () => {
    folder = makeFolder('pulls');
    [engine, locked, open] = await Promise.all([startDebianDocker(), startWatchedRegistry('locked', 'me:word'), startWatchedRegistry('open')]);
    for (const name of ['known', 'helper', 'nobody']) mkdirSync(join(folder, name));
    writeFileSync(join(folder, 'known', 'config.json'), JSON.stringify({ auths: { [locked.host]: { auth: Buffer.from('me:word').toString('base64') } } }));
    writeFileSync(join(folder, 'helper', 'config.json'), JSON.stringify({ credHelpers: { [locked.host]: 'strake-test' } }));
    writeFileSync(join(folder, 'helper', 'docker-credential-strake-test'), '#!/bin/sh\necho \'{"Username":"me","Secret":"word"}\'\n', { mode: 0o755 });
  }, 120_000);

  afterAll(async () => {
    await Promise.all([locked?.stop(), open?.stop(), engine?.stop()]);
    await removeFolder(folder);
  }, 60_000);

  const onBoth = (name: string): string => `FROM ${locked.host}/${name} AS one\nFROM ${open.host}/${name}\nCOPY --from=one /file /other\n`;

  /** Builds, as a rule on images of both; the warnings. */
  async function build(who: string, name: string, options: Partial<BuildOptions> = {}, text = onBoth(name)): Promise<readonly string[]> {
    const env = { PATH: `${join(folder, who)}:${process.env['PATH'] ?? ''}`, HOME: folder, DOCKER_CONFIG: join(folder, who) };
    const builder = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: engine.host }, env });
    const warnings: string[] = [];
    try {
      await builder.build({ context: join(folder, 'nobody'), dockerfile: { text, name: 'Dockerfile' }, onEvent: (event) => void (event.type === 'warning' && warnings.push(JSON.stringify(event))), ...options });
    } finally {
      await builder.close();
    }
    return warnings;
  }

  it.each(['known', 'helper'])('a credential goes to its own registry alone: %s', async (who) => {
    locked.shown.clear();
    await build(who, `${who}/image:1`);
    expect([...locked.shown]).toEqual([basic('me:word')]);
    expect([...open.shown]).toEqual([]);
  }, 60_000);

  it.each(['never', 'missing'] as const)('what is there is not asked for with --pull=%s', async (pull) => {
    locked.shown.clear();
    await build('known', 'known/image:1', { pull });
    expect([...locked.shown]).toEqual([]);
  }, 60_000);

  it.each([
    ['known', 'other:1', { pull: 'never' }, 'IMAGE_MISSING'],
    ['known', 'other:1', { offline: true }, 'IMAGE_MISSING'],
    ['nobody', 'other:1', { pull: 'missing' }, 'REGISTRY_DENIED'],
    ['nobody', 'known/image:1', { pull: 'always' }, 'REGISTRY_DENIED'],
  ] as const)('%s cannot build on %s with %j: %s', async (who, name, options, code) => {
    await expect(build(who, name, options)).rejects.toMatchObject({ code });
  }, 60_000);

  it('what is pushed comes out of the engine, and what is pulled goes into it', async () => {
    const target = await startDockerRegistry();
    const builder = await createBuilder({ store: join(folder, 'pusher'), backend: 'docker', backendOptions: { host: engine.host }, env: { HOME: folder, DOCKER_CONFIG: join(folder, 'known'), PATH: process.env['PATH'] } });
    try {
      const [name, other] = [`${target.host}/pushed:1`, `${target.host}/pushed:2`];
      const { imageId } = await builder.build({ context: join(folder, 'nobody'), dockerfile: { text: `FROM ${locked.host}/known/image:1\nLABEL pushed=yes\n`, name: 'Dockerfile' }, tags: [name, other] });
      const registries = builder.registries();
      expect([...(await registries.namesOf(`${target.host}/pushed`))].sort()).toEqual([name, other]);
      const { digest } = await registries.push(name);
      expect(await registries.digestOf(name)).toBe(digest);
      await expect(registries.push(`${target.host}/absent:1`)).rejects.toMatchObject({ code: 'IMAGE_MISSING' });
      await builder.images().remove(name);
      expect(await registries.pull(name)).toMatchObject({ name, upToDate: false, manifest: { digest } });
      expect((await registries.pullAllTags(`${target.host}/pushed`)).map((image) => image.name)).toEqual([name]);
      await expect(registries.pull(name, { insecure: ['one.test'] })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
      expect((await builder.images().get(name)).id).toBe(imageId);
    } finally {
      await builder.close();
      await target.stop();
    }
  }, 60_000);

  it('an image that may be outdated is a warning with --pull=newer', async () => {
    expect(await build('nobody', 'known/image:1', { pull: 'newer' })).toEqual([expect.stringContaining('may be outdated')]);
  }, 60_000);

  it('a digest pins an image, and is not asked for again', async () => {
    const pinned = `FROM ${locked.host}/pinned:1@${locked.digest}\nCOPY --from=${locked.host}/pinned@${locked.digest} /file /other\n`;
    await build('known', '', {}, pinned);
    locked.shown.clear();
    await build('nobody', '', { pull: 'always' }, pinned);
    expect([...locked.shown]).toEqual([]);
    await expect(build('known', '', {}, pinned.replaceAll(locked.digest, `sha256:${'0'.repeat(64)}`))).rejects.toMatchObject({ code: expect.stringMatching(/^(?:IMAGE_MISSING|REGISTRY_FAILED)$/) as unknown });
  }, 60_000);
});
