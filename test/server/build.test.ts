import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { unmetNeed } from '../engines/need';
import { unmetLimits } from './unmet-limits';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { send, startServer, type StartedServer } from './start-server';

const needs = unmetNeed({ root: true, programs: ['docker', 'busybox', 'crun', 'tar'] });

const SHELL = 'FROM scratch\nCOPY busybox /bin/sh\n';

function makeContext(folder: string, name: string, files: Readonly<Record<string, string>>): string {
  const context = join(folder, name);
  mkdirSync(context);
  copyFileSync('/bin/busybox', join(context, 'busybox'));
  for (const [path, text] of Object.entries(files)) writeFileSync(join(context, path), text);
  return context;
}

/** The lines of a build, IDs and the size of the context made one. */
function linesOf(output: string): readonly string[] {
  const text = output.replace(/\b[0-9a-f]{12}\b/g, 'ID').replace(/(Docker daemon {2})\S+/g, '$1SIZE');
  return text.split('\n').filter((line) => !/^DEPRECATED: |^ {12}/.test(line) && line.trim() !== '');
}

suite('docker build through the server', needs, () => {
  let started: StartedServer;

  beforeAll(async () => {
    started = await startServer();
  });

  afterAll(() => started.close());

  const build = (context: string, ...words: string[]) => started.docker('build', ...words, context);

  test('makes images that the client sees', async () => {
    const context = makeContext(started.folder, 'simple', { Dockerfile: `${SHELL}ARG V=1\nENV A=$V\nRUN echo "a=$A" > /a\nCMD ["/bin/sh"]\n`, '.dockerignore': 'x\n' });
    const built = await build(context, '-t', 'simple:1', '-t', 'simple:2', '--build-arg', 'V=7', '--label', 'by=test');
    expect(built).toMatchObject({ code: 0 });
    expect(linesOf(built.stdout).slice(-3)).toEqual(['Successfully built ID', 'Successfully tagged simple:1', 'Successfully tagged simple:2']);
    const [image] = JSON.parse((await started.docker('inspect', 'simple:2')).stdout) as [{ Id: string; Config: { Env: string[]; Labels: unknown } }];
    expect(image.Config).toMatchObject({ Labels: { by: 'test' }, Env: expect.arrayContaining(['A=7']) as unknown });
    expect((await build(context, '-q', '--build-arg', 'V=7', '--label', 'by=test')).stdout.trim()).toBe(image.Id);
  }, 60_000);

  test('a failed program gives its exit code and its output', async () => {
    const context = makeContext(started.folder, 'failing', { Dockerfile: `${SHELL}RUN echo told; exit 7\n` });
    const built = await build(context);
    expect(built.code).toBe(7);
    expect(built.stdout).toContain('told\n');
    expect(built.stderr).toContain("The command '/bin/sh -c echo told; exit 7' returned a non-zero code: 7");
  }, 60_000);

  test.each([
    ['an unknown instruction', 'FROM scratch\nFOO x\n', 'Dockerfile:2:1: unknown instruction: FOO'],
    ['a missing file', 'FROM scratch\nCOPY nothing /\n', 'Dockerfile:2:6: "nothing": not found'],
    ['nothing', '', 'file with no instructions'],
  ])('%s is told with its place', async (name, text, message) => {
    const built = await build(makeContext(started.folder, name.replaceAll(' ', '-'), { Dockerfile: text }));
    expect(built.code).toBe(1);
    expect(built.stderr).toContain(message);
  }, 60_000);

  test('a Dockerfile on standard input is called one', async () => {
    const context = makeContext(started.folder, 'piped', {});
    const env = { DOCKER_HOST: `unix://${started.socket}`, DOCKER_BUILDKIT: '0' };
    expect((await run(['docker', 'build', '-f', '-', context], { env, input: 'FROM scratch\nCOPY x /\n' })).stderr).toContain('\nDockerfile:2:6: "x": not found');
    expect((await run(['docker', 'build', '-'], { env, input: 'FROM scratch\nLABEL a=b\n' })).code).toBe(0);
  }, 60_000);

  test('what is not honoured is refused', async () => {
    const context = makeContext(started.folder, 'refused', { Dockerfile: 'FROM scratch\nLABEL a=b\n' });
    expect(await build(context, '--network', 'container:x')).toMatchObject({ code: 1, stderr: expect.stringContaining('networkmode container:x is not supported') as unknown });
    expect(await build(context, '--memory', '1m')).toMatchObject({ code: 1, stderr: expect.stringContaining('it is 6 MB at least') as unknown });
  }, 60_000);

  const limited = unmetLimits();
  (limited === undefined ? test : test.skip)(`limits${limited === undefined ? '' : ` [skipped: ${limited}]`}`, async () => {
    const context = makeContext(started.folder, 'limits', { Dockerfile: `${SHELL}COPY busybox /bin/busybox\nRUN ulimit -n; busybox cat /proc/self/cgroup; busybox df -k /dev/shm\nRUN busybox dd if=/dev/zero of=/dev/null bs=200M count=1\n` });
    const built = await build(context, '--memory', '32m', '--ulimit', 'nofile=77', '--shm-size', '5m', '--cpu-shares', '512', '--cpuset-cpus', '0');
    expect(built).toMatchObject({ code: 137, stdout: expect.stringMatching(/^77$[^]*memory:\S*\/strake-[0-9a-f]+$[^]*^shm +5120 /m) as unknown });
    expect(built.stderr).toContain('it used more memory than its limit of 33554432 bytes');
  }, 60_000);

  test('squash: one layer, with the history of the classic builder', async () => {
    const context = makeContext(started.folder, 'squash', { Dockerfile: `${SHELL}RUN echo a > /a\nENV A=1\n` });
    expect(await build(context, '--squash', '-t', 'squashed')).toMatchObject({ code: 0 });
    const { stdout } = await started.docker('history', '--no-trunc', '--format', '{{.CreatedBy}}|{{.Comment}}', 'squashed');
    expect(stdout.split('\n').slice(0, 2)).toEqual([expect.stringMatching(/^\|create new from sha256:[0-9a-f]{64}$/), 'ENV A=1|strake.dockerfile.v0']);
    expect((await started.docker('inspect', '--format', '{{len .RootFS.Layers}}', 'squashed')).stdout).toBe('1\n');
  }, 60_000);

  test('32 builds at once all finish, in turns', async () => {
    const context = makeContext(started.folder, 'parallel', { Dockerfile: `${SHELL}ARG N\nRUN echo $N > /n\n` });
    const builds = await Promise.all(Array.from({ length: 32 }, (_, index) => build(context, '-q', '-t', `parallel:${index}`, '--build-arg', `N=${index}`)));
    expect(builds.map(({ code }) => code)).toEqual(builds.map(() => 0));
    expect(new Set(builds.map(({ stdout }) => stdout)).size).toBe(32);
    expect(readdirSync(join(started.folder, 'work'))).toEqual([]);
  }, 180_000);

  test('a client that goes away ends its build, and leaves nothing', async () => {
    const context = makeContext(started.folder, 'gone', { Dockerfile: `${SHELL}RUN echo began; sleep 1000\n` });
    await mustRun(['tar', '-C', context, '-cf', join(started.folder, 'gone.tar'), '.']);
    const client = httpRequest({ socketPath: started.socket, path: '/v1.43/build', method: 'POST', headers: { 'content-type': 'application/x-tar' } });
    client.on('error', () => undefined).end(readFileSync(join(started.folder, 'gone.tar')));
    await new Promise<void>((resolve) => client.once('response', (response) => response.on('data', (data: Buffer) => data.includes('began') && resolve())));
    client.destroy();
    for (let body = 'running 1'; /running 1/.test(body); ) ({ body } = await send(started.socket, { path: '/metrics' }));
    expect((await send(started.socket, { path: '/metrics' })).body).toMatch(/strake_builds_total\{result="cancelled"\} 1/);
    expect((await run(['pgrep', '-f', 'sleep 1000'])).stdout).toBe('');
    expect(readdirSync(join(started.folder, 'store', 'tmp')).length).toBeLessThanOrEqual(1);
  }, 60_000);

  const post = (path: string, body: string | Buffer, type = 'application/x-tar') => send(started.socket, { path, method: 'POST', headers: { 'content-type': type } }, body);

  test.each<[string, string, string | Buffer, number]>([
    ['no archive', '/build', Buffer.alloc(4096, 1), 400],
    ['a cut archive', '/build', Buffer.from('1f8b0800', 'hex'), 400],
    ['an empty body', '/build', '', 400],
    ['a wrong parameter', '/build?buildargs={', '', 400],
    ['gigabytes of parameters', `/build?buildargs=${'x'.repeat(300_000)}`, '', 431],
    ['BuildKit', '/build?version=2', '', 400],
    ['an unknown parameter', '/build?hello=1', '', 400],
    ['no such build to cancel', '/build/cancel?id=x', '', 204],
    ['a cancellation of nothing', '/build/cancel', '', 400],
  ])('%s', async (_name, path, body, status) => {
    expect((await post(path, body)).status).toBe(status);
    expect(existsSync(started.socket)).toBe(true);
  });

  test('a path out of the archive is refused', async () => {
    writeFileSync(join(started.folder, 'outside'), 'x');
    const folder = join(started.folder, 'traversal');
    mkdirSync(folder);
    await mustRun(['tar', '-C', folder, '-cPf', join(started.folder, 'traversal.tar'), '../outside']);
    expect((await post('/build', readFileSync(join(started.folder, 'traversal.tar')))).status).toBe(400);
  });

  test('prunes', async () => {
    expect(JSON.parse((await post('/build/prune?keep-storage=1000000000', '')).body)).toEqual({ CachesDeleted: [], SpaceReclaimed: 0 });
    expect((await post('/build/prune?keep-storage=much', '')).status).toBe(400);
    expect(JSON.parse((await post('/build/prune', '')).body)).toMatchObject({ SpaceReclaimed: expect.any(Number) as unknown });
  });
});
