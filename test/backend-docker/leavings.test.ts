import { spawn } from 'node:child_process';
import { createReadStream, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, type Builder, type BuildEvent } from 'strake';
import { OWNER_LABEL, ownerOf } from '../../plugins/backend-docker/src/session/owner';
import { archivesOf, baseImages } from '../bases/bases';
import { strakeCommand } from '../builders/strake';
import { debianDockerClient, debianDockerUnmet, startDebianDocker } from '../engines/debian-docker';
import type { DockerEngine } from '../engines/docker-engine';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { startNewestDocker } from '../engines/newest-docker';
import { newestRootUnmet } from '../engines/newest-root';
import { startCutProxy, type CutProxy } from './cut-proxy';

const newest = newestRootUnmet();
/** When a process was started, in clock ticks since the machine was. */
const startOf = (pid: number): string => readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ')[19] ?? '';

const SECRET = 'nobody-may-find-this-value';

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
    for (const archive of archivesOf(await baseImages())) await builder.images().load(createReadStream(archive), { signal: new AbortController().signal });
    before = await inventory();
  }, 120_000);

  afterAll(async () => {
    await builder?.close();
    await engine?.stop();
    await removeFolder(folder);
  }, 60_000);

  it('containers of steps stay where they are asked for, as after docker build --rm=false, and only there', async () => {
    const text = 'FROM example.test/base:1\nRUN echo kept > /a\nENV X=1\nRUN echo kept > /b\n';
    await expect(build(text, { keepContainers: true })).rejects.toMatchObject({ code: 'UNSUPPORTED', message: 'no containers of steps are kept, as there are none of each' });
    expect(await inventory()).toBe(before);
    const said = await run([...strakeCommand, 'build', '--backend', 'docker', '--backend-opt', `host=${engine.host}`, '--store', join(folder, 'store'), '--cache', 'classic', '--rm=false', '--network', 'none', '-t', 'kept:1', '-f', '-', join(folder, 'context')], { input: text });
    expect(said).toMatchObject({ code: 0 });
    const docker = (...args: string[]): Promise<string> => mustRun([debianDockerClient, '-H', engine.host, ...args]);
    const kept = (await docker('ps', '-a', '--format', '{{.Command}}', '--no-trunc')).trim().split('\n');
    // ENV has a container too; a newer engine makes none for it.
    expect(kept.filter((command) => command.includes('echo kept'))).toHaveLength(2);
    await docker('container', 'prune', '-f');
    await docker('rmi', 'kept:1');
    expect(await inventory()).toBe(before);
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

  describe('a copy of many files', () => {
    const command = (more: readonly string[], env: Readonly<Record<string, string>> = {}) => {
      const flags = ['--backend', 'docker', '--backend-opt', `host=${engine.host}`, '--store', join(folder, 'store'), '--network', 'none', '--progress', 'plain', '-f', join(folder, 'copied')];
      return run([...strakeCommand, 'build', ...flags, ...more, join(folder, 'many')], { env });
    };

    beforeAll(() => {
      mkdirSync(join(folder, 'many', 'files'), { recursive: true });
      for (let at = 0; at < 520; at += 1) writeFileSync(join(folder, 'many', 'files', String(at)), Buffer.alloc(4096, String(at)));
      writeFileSync(join(folder, 'copied'), 'FROM example.test/base:1\nCOPY files /files\nRUN ls /files | wc -l > /count\n');
    });

    it('says so where the temporary folder has no room for its layer, and leaves nothing', async () => {
      const small = join(folder, 'small');
      mkdirSync(small);
      await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', small]);
      try {
        const { code, stderr } = await command([], { TMPDIR: small });
        expect([code, stderr]).toEqual([1, expect.stringMatching(/copied:2:1: no space left in the temporary folder .*small\n[^]*hint: .*TMPDIR/)]);
        expect(readdirSync(small)).toEqual([]);
      } finally {
        await mustRun(['umount', small]);
      }
      expect(await inventory()).toBe(before);
    }, 60_000);

    it('is a layer that is loaded', async () => {
      const output = join(folder, 'count.tar');
      expect(await command(['-o', `type=tar,dest=${output}`, '-t', 'many:1'])).toMatchObject({ code: 0 });
      expect((await mustRun(['tar', '-xOf', output, 'count'])).trim()).toBe('520');
      const [, ...sizes] = (await mustRun([debianDockerClient, '-H', engine.host, 'history', '--format', '{{.Size}}', 'many:1'])).trim().split('\n');
      expect(sizes[0]).toMatch(/^2\.\d+MB$/);
      await builder.images().remove('many:1', { force: false });
      expect(await inventory()).toBe(before);
    }, 60_000);
  });

  describe('a connection that is lost', () => {
    let proxy: CutProxy;
    let far: Builder;
    const other = new AbortController();
    let running: Promise<unknown>;
    let withOther = '';

    const through = (text: string, onEvent: (event: BuildEvent) => void = () => undefined) => far.build({ context: join(folder, 'context'), dockerfile: { text: `FROM example.test/base:1\n${text}`, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, allow: ['security.insecure'], onEvent });

    beforeAll(async () => {
      proxy = await startCutProxy(join(folder, 'cut.sock'), engine.host.slice('unix://'.length));
      far = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: proxy.host } });
      // Another build of this machine, which nobody may take anything from.
      await new Promise<void>((resolve) => {
        const onEvent = ({ type }: BuildEvent): void => (type === 'log' ? resolve() : undefined);
        running = build('FROM example.test/base:1\nRUN echo begun; sleep 1000\n', { signal: other.signal, onEvent, noCache: true }).catch((error: unknown) => error);
      });
      withOther = await inventory();
    }, 60_000);

    afterAll(async () => {
      other.abort();
      expect(await running).toMatchObject({ code: 'CANCELLED' });
      await far.close();
      await proxy.close();
      expect(await inventory()).toBe(before);
    }, 60_000);

    it.each([
      ['while files are sent', 'COPY file /a\nRUN true\n', (): void => proxy.cutAt(/^PUT .*\/archive/, 'request')],
      ['while a program runs', 'RUN echo begun; sleep 1000\n', undefined],
      ['while the engine runs a program itself', 'RUN --security=insecure echo begun; sleep 1000\n', undefined],
      ['while an image is made', 'RUN echo a > /a\n', (): void => proxy.cutAt(/^POST .*\/commit/, 'request')],
      ['when an image is made', 'RUN echo a > /a\n', (): void => proxy.cutAt(/^POST .*\/commit/, 'answer')],
    ])('%s', async (_when, text, cutting) => {
      cutting?.();
      const onEvent = ({ type }: BuildEvent): void => (type === 'log' ? proxy.cut() : undefined);
      await expect(through(text, onEvent)).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: expect.stringContaining('cut.sock') as unknown });
      proxy.mend();
      await expect(through('RUN false\n')).rejects.toMatchObject({ code: 'STEP_FAILED' });
      expect(await inventory()).toBe(withOther);
    }, 60_000);
  });

  it('what else a killed build has left goes with the next one', async () => {
    await mustRun([debianDockerClient, '-H', engine.host, 'create', '--network', 'none', '--label', `${OWNER_LABEL}=${ownerOf('over')}`, 'example.test/base:1']);
    await mustRun([debianDockerClient, '-H', engine.host, 'volume', 'create', '--label', `${OWNER_LABEL}=${ownerOf('over')}`]);
    const [dead, living] = [ownerOf('over').replace(/ \d+ \d+ /, ' 1 1 '), ownerOf('of another').replace(/ \d+ \d+ /, ` ${process.ppid} ${startOf(process.ppid)} `)];
    const scratches = [dead, living].map((owner) => {
      const scratch = mkdtempSync(join(tmpdir(), 'strake-docker-'));
      writeFileSync(join(scratch, 'owner'), owner);
      return scratch;
    });
    expect(await inventory()).not.toBe(before);
    await expect(build('FROM example.test/base:1\nRUN false\n')).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect(await inventory()).toBe(before);
    expect(scratches.map((scratch) => existsSync(scratch))).toEqual([false, true]);
    rmSync(scratches[1] ?? '', { recursive: true });
  }, 60_000);

  it('secrets as files and variables, of which nothing stays in the engine', async () => {
    const output: Buffer[] = [];
    const text = [
      'FROM example.test/base:1',
      'RUN --mount=type=secret,id=s --mount=type=secret,id=s,env=S --mount=type=tmpfs,target=/made/for wc -c < /run/secrets/s; echo ${#S}; cat /run/secrets/s; echo kept > /kept',
      'RUN --mount=type=secret,id=s,target=/etc/motd,uid=7,mode=0440 --mount=type=cache,target=/c stat -Lc "%u %a" /etc/motd; cp /etc/motd /c/copy && rm /c/copy',
      'RUN cat /etc/motd; ls -A /run; ls -d /made 2>&1 || true',
    ].join('\n');
    const onEvent = (event: BuildEvent): void => void (event.type === 'log' && output.push(Buffer.from(event.data)));
    const { imageId } = await builder.build({
      context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', noCache: true, onEvent, secrets: { s: { value: SECRET } }, tags: ['secrets:1'],
    });
    expect(Buffer.concat(output).toString().trim().split('\n')).toEqual([String(SECRET.length), String(SECRET.length), '***7 440', 'welcome', 'ls: /made: No such file or directory']);
    const said = await mustRun([debianDockerClient, '-H', engine.host, 'history', '--no-trunc', imageId]);
    expect(said).not.toContain(SECRET);
    expect((await run(['grep', '-rlF', SECRET, engine.folder, folder])).stdout).toBe('');
  }, 60_000);

  describe('outputs', () => {
    const text = 'FROM example.test/base:1\nRUN rm -r /srv/data && mkdir /srv/data && echo new > /srv/data/new && rm /etc/motd\nCOPY --link one /one\n';
    const output = async (type: string, attributes: Readonly<Record<string, string>>, more: object = {}): Promise<string> => {
      writeFileSync(join(folder, 'context', 'one'), '1');
      const { imageId } = await builder.build({ context: join(folder, 'context'), dockerfile: { text, name: 'Dockerfile' }, network: 'none', pull: 'never', outputs: [{ type, attributes }], ...more });
      return imageId;
    };
    const names = async (): Promise<readonly string[]> => (await mustRun([debianDockerClient, '-H', engine.host, 'images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', 'reference=out/*'])).trim().split('\n').sort();

    it('names, in the engine', async () => {
      await output('image', { name: 'out/a:1,out/b:1' });
      await output('docker', { name: 'out/c:1' });
      await output('docker', {}, { tags: ['out/d:1'] });
      expect(await names()).toEqual(['out/a:1', 'out/b:1', 'out/c:1', 'out/d:1']);
    }, 60_000);

    it.each([['tar', 'f.tar'], ['local', 'files'], ['oci', 'f.oci'], ['docker', 'f.docker']])('%s', async (type, name) => {
      const dest = join(folder, name);
      const id = await output(type, { dest, ...(type === 'docker' ? { name: 'out/e:1' } : {}) });
      if (type === 'local') expect([readFileSync(join(dest, 'srv/data/new'), 'utf8'), readdirSync(join(dest, 'srv/data')), readdirSync(join(dest, 'etc')).sort(), readFileSync(join(dest, 'one'), 'utf8')]).toEqual(['new\n', ['new'], ['group', 'hostname', 'hosts', 'passwd', 'resolv.conf'], '1']);
      const listed = type === 'local' ? '' : await mustRun(['tar', '-tf', dest]);
      if (type === 'tar') expect(listed.split('\n').filter((line) => /^(?:srv\/data|one|etc\/host)/.test(line))).toEqual(['etc/hostname', 'etc/hosts', 'one', 'srv/data/', 'srv/data/new']);
      if (type === 'oci' || type === 'docker') expect(listed).toContain(id.replace('sha256:', 'blobs/sha256/'));
    }, 60_000);

    it.each([
      ['image', { name: 'out/x:1', compression: 'zstd' }, {}, { code: 'UNSUPPORTED', message: expect.stringContaining('compression') as unknown }],
      ['image', { name: 'out/x:1', push: 'true', 'name-canonical': 'true' }, {}, { code: 'UNSUPPORTED', message: expect.stringContaining('name-canonical') as unknown }],
      ['image', {}, { platforms: ['linux/amd64', 'linux/arm64'] }, { code: 'UNSUPPORTED', message: expect.stringContaining('several platforms') as unknown }],
      ['image', {}, { lock: true }, { code: 'UNSUPPORTED' }],
    ] as const)('%s with %j and %j is refused before anything runs', async (type, attributes, more, error) => {
      const onEvent = ({ type: what }: BuildEvent): void => expect(what).not.toBe('started');
      await expect(output(type, attributes, { noCache: true, onEvent, ...more })).rejects.toMatchObject(error);
    });
  });

  it.each([
    ['RUN --device=vendor.test/kind=one true', 'RUN --device'],
    ['RUN --mount=type=bind,source=file,target=/etc/../etc/hosts true', 'RUN --mount at /etc/hosts'],
  ])('%s is refused before anything runs', async (line, what) => {
    await expect(build(`FROM example.test/base:1\nRUN echo never\n${line}\n`, { allow: ['device'], onEvent: ({ type }: { readonly type: string }) => expect(type).not.toBe('started') })).rejects.toMatchObject({
      code: 'UNSUPPORTED', message: expect.stringContaining(what) as unknown, range: { start: { line: 3 } },
    });
  }, 60_000);

  describe('an engine that is killed', () => {
    const text = (last: string): string => `FROM example.test/base:1 AS one\nRUN echo 1 > /one\nRUN --mount=type=bind,source=.,target=/context cat /context/file > /two\nFROM one\nRUN --mount=type=tmpfs,target=/t ${last}\n`;

    it('in the middle of a step: the build says so, and the next one works and leaves nothing of it', async () => {
      const before = await inventory();
      let crashed: Promise<void> | undefined;
      const onEvent = ({ type }: BuildEvent): void => void (type === 'log' && (crashed ??= engine.crash()));
      await expect(build(text('echo begun; sleep 1000'), { noCache: true, onEvent })).rejects.toMatchObject({
        code: 'ENGINE_UNREACHABLE', message: expect.stringContaining('the engine closed the connection') as unknown, range: { start: { line: 5 } },
      });
      await expect(build(text('true'))).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: expect.stringContaining('ECONNREFUSED') as unknown });
      await crashed;
      await engine.restart();
      expect(await inventory()).not.toBe(before);
      const { imageId } = await build(text('cat /one /two > /three'), { noCache: true });
      await builder.images().remove(imageId, { force: true });
      expect(await inventory()).toBe(before);
    }, 120_000);
  });
});

test('an engine that is not there is named, with what named it', async () => {
  const folder = makeFolder('nowhere');
  const builder = await createBuilder({ store: join(folder, 'store'), backend: 'docker', backendOptions: { host: 'unix:///nowhere/docker.sock' } });
  await expect(builder.build({ dockerfile: { text: 'FROM a\n', name: 'Dockerfile' } })).rejects.toMatchObject({ code: 'ENGINE_UNREACHABLE', message: expect.stringContaining('/nowhere/docker.sock') as unknown });
  await builder.close();
  await removeFolder(folder);
});
