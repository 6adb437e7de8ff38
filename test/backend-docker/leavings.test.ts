import { spawn } from 'node:child_process';
import { createReadStream, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createBuilder, type Builder } from 'strake';
import { OWNER_LABEL, ownerOf } from '../../plugins/backend-docker/src/session/owner';
import { makeBases } from '../bases/bases';
import { strakeCommand } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';

const newest = newestRootUnmet();

suite('what builds leave in an engine', newest === undefined ? undefined : debianDockerUnmet(), () => {
  let folder = '';
  let engine: DockerEngine;
  let builder: Builder;
  let before = '';

  /** Everything that the engine has, in one text. */
  async function inventory(): Promise<string> {
    const list = async (...args: string[]): Promise<string> => (await mustRun([debianDockerClient, '-H', engine.host, ...args])).split('\n').sort().join('\n');
    return [await list('ps', '-aq'), await list('volume', 'ls', '-q'), await list('images', '-a', '--format', '{{.Repository}}:{{.Tag}}')].join('\n--\n');
  }

  const build = (text: string, options: object = {}) => builder.build({ context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', ...options });

  beforeAll(async () => {
    folder = makeFolder('leavings');
    mkdirSync(join(folder, 'context'));
    writeFileSync(join(folder, 'context', 'file'), 'content');
    engine = newest === undefined ? await startNewestDocker('overlay2') : await startDebianDocker();
    builder = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: engine.host } });
    for (const { archive } of await makeBases(join(folder, 'bases'))) await builder.images().load(createReadStream(archive), { signal: new AbortController().signal });
    before = await inventory();
  }, 120_000);

  afterAll(async () => {
    await builder?.close();
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  it('a build leaves its image under its name, and the next one makes nothing', async () => {
    const text = 'FROM example.test/base:1\nCOPY file /a\nRUN echo b > /b\nRUN cat /a /b > /c\nENV X=1\n';
    const first = await build(text, { tags: ['left:1'] });
    expect((await inventory()).split('\n').filter((line) => !before.split('\n').includes(line))).toEqual(['left:1']);
    const events: string[] = [];
    const second = await build(text, { tags: ['left:1'], onEvent: ({ type }: { readonly type: string }) => void events.push(type) });
    expect(second.imageId).toBe(first.imageId);
    expect(events).not.toContain('started');
    await builder.images().remove('left:1', { force: false });
    expect(await inventory()).toBe(before);
  }, 60_000);

  it('a step that fails leaves nothing, and says what it said', async () => {
    await expect(build('FROM example.test/base:1\nRUN echo first\nRUN echo why >&2; exit 7\n')).rejects.toMatchObject({ code: 'STEP_FAILED', exitCode: 7, notes: ['why'], range: { start: { line: 3 } } });
    expect(await inventory()).toBe(before);
  }, 60_000);

  it('a cancelled build leaves nothing', async () => {
    const stop = new AbortController();
    const onEvent = ({ type }: { readonly type: string }): void => (type === 'log' ? stop.abort() : undefined);
    await expect(build('FROM example.test/base:1\nRUN echo begun; sleep 1000\n', { signal: stop.signal, onEvent })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await inventory()).toBe(before);
  }, 60_000);

  it('what runs on after a step has ended is ended, and the step after it sees nothing of it', async () => {
    const { imageId } = await build('FROM example.test/base:1\nRUN sleep 1000 & echo begun\nRUN ps > /seen\n');
    const seen = await mustRun([debianDockerClient, '-H', engine.host, 'run', '--rm', '--network', 'none', '--entrypoint', '/bin/cat', imageId, '/seen']);
    expect(seen).not.toContain('sleep');
    await builder.images().remove(imageId, { force: true });
  }, 60_000);

  it('the container of a killed build goes by itself', async () => {
    // What the program says is not in its own text, which is shown before it runs.
    writeFileSync(join(folder, 'killed'), 'FROM example.test/base:1\nRUN echo be"gun"; sleep 1000\n');
    const [program = '', ...args] = [...strakeCommand, 'build', '--backend', 'docker', '--backend-opt', `host=${engine.host}`, '--store', join(folder, 'store'), '--network', 'none', '--progress', 'plain', '-f', join(folder, 'killed'), join(folder, 'context')];
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'] });
    await new Promise<void>((resolve) => child.stderr.on('data', (data: Buffer) => (data.includes('begun') ? resolve() : undefined)));
    const ended = new Promise((resolve) => child.once('close', resolve));
    child.kill('SIGKILL');
    await ended;
    // The engine needs a moment to notice.
    for (let seen = ''; seen !== before; ) seen = await inventory();
  }, 60_000);

  it('what else a killed build has left goes with the next one', async () => {
    await mustRun([debianDockerClient, '-H', engine.host, 'create', '--network', 'none', '--label', `${OWNER_LABEL}=${ownerOf('over')}`, 'example.test/base:1']);
    await mustRun([debianDockerClient, '-H', engine.host, 'volume', 'create', '--label', `${OWNER_LABEL}=${ownerOf('over')}`]);
    expect(await inventory()).not.toBe(before);
    await expect(build('FROM example.test/base:1\nRUN false\n')).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(await inventory()).toBe(before);
  }, 60_000);

  it.each([
    ['RUN --mount=type=ssh true', 'RUN --mount=type=ssh'],
    ['RUN --mount=type=bind,source=file,target=/etc/../etc/hosts true', 'RUN --mount at /etc/hosts'],
  ])('%s is refused before anything runs', async (line, what) => {
    await expect(build(`FROM example.test/base:1\nRUN echo never\n${line}\n`, { onEvent: ({ type }: { readonly type: string }) => expect(type).not.toBe('started') })).rejects.toMatchObject({
      code: 'UNSUPPORTED', message: expect.stringContaining(what) as unknown, range: { start: { line: 3 } },
    });
  }, 60_000);
});

test('an engine that is not there is named, with what named it', async () => {
  const folder = makeFolder('nowhere');
  const builder = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: 'unix:///nowhere/docker.sock' } });
  await expect(builder.build({ dockerfile: { text: 'FROM a\n', name: 'Dockerfile' } })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: expect.stringContaining('/nowhere/docker.sock') as unknown });
  await builder.close();
  await removeFolder(folder);
});
