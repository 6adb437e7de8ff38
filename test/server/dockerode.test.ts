import { createWriteStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import Docker from 'dockerode';
import { dockerRegistryUnmet, startDockerRegistry, type TestRegistry } from '../engines/docker-registry';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { startServer, type StartedServer } from './start-server';

interface Message {
  readonly stream?: string;
  readonly status?: string;
  readonly error?: string;
  readonly aux?: { readonly ID?: string; readonly Tag?: string; readonly Digest?: string };
}

suite('dockerode as a client', dockerRegistryUnmet() ?? unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun', 'tar'] }), () => {
  let started: StartedServer;
  let registry: TestRegistry;
  let docker: Docker;

  beforeAll(async () => {
    started = await startServer();
    registry = await startDockerRegistry();
    docker = new Docker({ socketPath: started.socket });
  });

  afterAll(async () => {
    await registry.stop();
    await started.close();
  });

  /** What a progress stream said; throws its error. */
  function followed(stream: NodeJS.ReadableStream): Promise<readonly Message[]> {
    return new Promise((resolve, reject) => docker.modem.followProgress(stream, (error: Error | null, messages: readonly Message[]) => (error === null ? resolve(messages) : reject(error))));
  }

  test('pings, and tells version and information', async () => {
    expect(String(await docker.ping())).toBe('OK');
    expect(await docker.version()).toMatchObject({ ApiVersion: '1.43', Os: 'linux' });
    expect(await docker.info()).toMatchObject({ Driver: 'strake', Containers: 0 });
    expect(await docker.listContainers({ all: true })).toEqual([]);
  });

  test('builds with the progress of the classic builder', async () => {
    const context = join(started.folder, 'context');
    mkdirSync(context);
    writeFileSync(join(context, 'Dockerfile'), 'FROM scratch\nARG V\nCOPY file /\nLABEL v=$V\n');
    writeFileSync(join(context, 'file'), 'content\n');
    const messages = await followed(await docker.buildImage({ context, src: ['Dockerfile', 'file'] }, { t: 'app:1', buildargs: { V: '7' }, labels: { by: 'dockerode' } }));
    expect(messages.map(({ stream = '' }) => stream).join('')).toMatch(/^Step 1\/\d+ : FROM scratch\n[^]*Successfully built [0-9a-f]{12}\nSuccessfully tagged app:1\n$/);
    const image = await docker.getImage('app:1').inspect();
    expect(image).toMatchObject({ Id: messages.find(({ aux }) => aux?.ID !== undefined)?.aux?.ID, Config: { Labels: { v: '7', by: 'dockerode' } } });
  });

  test('what fails is an error of the stream, or a status', async () => {
    const context = join(started.folder, 'context');
    writeFileSync(join(context, 'Broken'), 'FROM scratch\nCOPY nothing /\n');
    expect((await followed(await docker.buildImage({ context, src: ['Broken'] }, { dockerfile: 'Broken' }))).at(-1)?.error).toContain('Broken:2:6: "nothing": not found');
    await expect(docker.getImage('nothing').inspect()).rejects.toMatchObject({ statusCode: 404 });
    await expect(docker.buildImage({ context, src: ['Dockerfile'] }, { memory: 1 })).rejects.toMatchObject({ statusCode: 400 });
  });

  test('tags, lists, pushes, removes, pulls', async () => {
    const repo = `${registry.host}/app`;
    await docker.getImage('app:1').tag({ repo, tag: '2' });
    expect((await docker.listImages({ filters: { reference: [`${registry.host}/*`] } })).map(({ RepoTags }) => RepoTags)).toEqual([expect.arrayContaining([`${repo}:2`])]);
    const pushed = await followed(await docker.getImage(repo).push({ tag: '2', authconfig: { username: 'x', password: 'y', serveraddress: registry.host } }));
    expect(pushed.find(({ aux }) => aux !== undefined)?.aux).toMatchObject({ Tag: '2', Digest: expect.stringMatching(/^sha256:/) as unknown });
    expect((await docker.getImage(`${repo}:2`).inspect()).RepoDigests).toEqual([`${repo}@${pushed.find(({ aux }) => aux !== undefined)?.aux?.Digest ?? ''}`]);
    expect(await docker.getImage(`${repo}:2`).remove()).toEqual([{ Untagged: `${repo}:2` }, { Untagged: expect.stringMatching(new RegExp(`^${repo}@sha256:`)) as unknown }]);
    const pulled = await followed((await docker.pull(`${repo}:2`)));
    expect(pulled.at(-1)?.status).toMatch(/^Status: /);
    expect((await docker.getImage(`${repo}:2`).history()).length).toBeGreaterThan(0);
  });

  test('exports, loads and prunes', async () => {
    const archive = join(started.folder, 'saved.tar');
    await pipeline(await docker.getImage('app:1').get(), createWriteStream(archive));
    const { Id } = await docker.getImage('app:1').inspect();
    await docker.getImage('app:1').remove({ force: true });
    expect(String(await buffer((await docker.loadImage(archive)) as never))).toContain('Loaded image: app:1');
    expect((await docker.getImage('app:1').inspect()).Id).toBe(Id);
    expect(await docker.pruneImages()).toMatchObject({ SpaceReclaimed: expect.any(Number) as unknown });
  });

  test('events come as they happen', async () => {
    const stream = await docker.getEvents({ filters: { event: ['tag'] } });
    const first = new Promise<string>((resolve) => stream.once('data', (data: Buffer) => resolve(String(data))));
    await docker.getImage('app:1').tag({ repo: 'told', tag: '1' });
    expect(JSON.parse(await first)).toMatchObject({ Action: 'tag', Actor: { Attributes: { name: 'told:1' } } });
    (stream as unknown as { destroy(): void }).destroy();
  });

  test('asks a registry about a log-in', async () => {
    expect(await docker.checkAuth({ username: 'x', password: 'y', serveraddress: registry.host })).toMatchObject({ Status: 'Login Succeeded' });
  });
});
