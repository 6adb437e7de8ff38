import { once } from 'node:events';
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { unmetNeed } from '../engines/need';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { send, startServer, type StartedServer } from './start-server';

suite('images through the docker command', unmetNeed({ programs: ['docker', 'tar'] }), () => {
  let started: StartedServer;
  let id = '';

  beforeAll(async () => {
    started = await startServer();
    const tree = join(started.folder, 'tree');
    mkdirSync(tree);
    writeFileSync(join(tree, 'hello'), 'hello\n');
    await mustRun(['tar', '-C', tree, '-cf', join(started.folder, 'tree.tar'), '.']);
    [{ id }] = (await started.builder.images().load(join(started.folder, 'tree.tar'), { name: 'tree:1', signal: new AbortController().signal })) as unknown as [{ id: string }];
  });

  afterAll(() => started.close());

  test('version', async () => {
    const { stdout } = await started.docker('version', '--format', '{{.Server.APIVersion}} {{.Server.Os}}');
    expect(stdout).toBe('1.43 linux\n');
  });

  test('images, by name and by filter', async () => {
    const list = async (...words: string[]) => (await started.docker('images', '--no-trunc', '--format', '{{.Repository}}:{{.Tag}} {{.ID}}', ...words)).stdout;
    expect(await list()).toBe(`tree:1 ${id}\n`);
    expect(await list('tree')).toBe(`tree:1 ${id}\n`);
    expect(await list('other')).toBe('');
    expect(await list('--filter', 'dangling=true')).toBe('');
    expect(await list('--filter', 'label=a')).toBe('');
  });

  test('a filter that is not known is refused', async () => {
    const { status, body } = await send(started.socket, { path: '/v1.43/images/json?filters={"x":["y"]}' });
    expect([status, body]).toEqual([400, '{"message":"invalid filter \'x\'"}']);
  });

  test('inspect and history', async () => {
    const [image] = JSON.parse((await started.docker('inspect', 'tree:1')).stdout) as [Record<string, unknown>];
    expect(image).toMatchObject({ Id: id, RepoTags: ['tree:1'], Os: 'linux', RootFS: { Type: 'layers', Layers: [expect.stringMatching(/^sha256:/)] } });
    const { stdout } = await started.docker('history', '--no-trunc', '--format', '{{.ID}}', 'tree:1');
    expect(stdout).toBe(`${id}\n`);
  });

  test('tag, remove, and what follows from it', async () => {
    expect((await started.docker('tag', 'tree:1', 'example.test/a/b:2')).code).toBe(0);
    expect((await started.docker('rmi', 'example.test/a/b:2')).stdout).toBe('Untagged: example.test/a/b:2\n');
    expect(await started.docker('rmi', 'example.test/a/b:2')).toMatchObject({ code: 1, stderr: 'Error response from daemon: No such image: example.test/a/b:2\n' });
    expect(await started.docker('tag', 'nothing', 'x')).toMatchObject({ code: 1, stderr: 'Error response from daemon: No such image: nothing:latest\n' });
  });

  test('save, remove, load', async () => {
    const archive = join(started.folder, 'saved.tar');
    await started.docker('tag', 'tree:1', 'again:1');
    expect((await started.docker('save', '-o', archive, 'again:1')).code).toBe(0);
    await started.docker('rmi', 'again:1');
    expect((await started.docker('load', '-i', archive)).stdout).toBe('Loaded image: again:1\n');
    expect((await started.docker('images', '-q', '--no-trunc', 'again')).stdout).toBe(`${id}\n`);
    expect((await started.docker('load', '-i', '/dev/null')).stdout + (await started.docker('load', '-i', '/dev/null')).stderr).toMatch(/empty|archive/);
  });

  test('an archive is sent as it is made, and a client that goes away ends it', async () => {
    const big = join(started.folder, 'big');
    mkdirSync(big);
    writeFileSync(join(big, 'file'), Buffer.alloc(16 << 20));
    await mustRun(['tar', '-C', big, '-cf', join(started.folder, 'big.tar'), '.']);
    await started.builder.images().load(join(started.folder, 'big.tar'), { name: 'big:1' });
    const leases = (): number => readdirSync(join(started.folder, 'store', 'tmp')).length;
    const before = leases();
    const client = request({ socketPath: started.socket, path: '/v1.43/images/big:1/get', agent: false });
    const [answer] = (await once(client.end(), 'response')) as [IncomingMessage];
    const [first] = (await once(answer, 'data')) as [Buffer];
    answer.pause();
    // Whoever takes no more gets no more: the rest is made when it is wanted, and lies nowhere until then.
    expect([answer.statusCode, first.subarray(0, 10).toString(), leases(), readdirSync(join(started.folder, 'work'))]).toEqual([200, 'oci-layout', before + 1, []]);
    answer.on('error', () => undefined).destroy();
    while (leases() > before) await send(started.socket, { path: '/_ping' });
    await started.docker('rmi', 'big:1');
  });

  test('what is served beside images, in the words of the engine', async () => {
    await started.docker('tag', 'tree:1', 'conflict:1');
    const short = id.replace('sha256:', '').slice(0, 12);
    for (const name of [short, id]) {
      expect(await started.docker('rmi', name)).toMatchObject({ code: 1, stderr: `Error response from daemon: conflict: unable to delete ${short} (must be forced) - image is referenced in multiple repositories\n` });
    }
    expect((await started.docker('system', 'df')).stdout).toMatch(/^Images +[1-9]\d* +0 +(?!0B)\S+ /m);
    expect((await started.docker('system', 'df', '-v')).stdout).toMatch(new RegExp(`^\\S+ +1 +${short} .* 0$`, 'm'));
    expect((await started.docker('push', 'localhost:1/nothing:1')).stdout + (await started.docker('push', 'localhost:1/nothing:1')).stderr).toContain('The push refers to repository [localhost:1/nothing]\nAn image does not exist locally with the tag: localhost:1/nothing\n');
    expect(await started.docker('run', 'tree:1')).toMatchObject({ code: 125, stderr: expect.stringContaining('containers are not served here') as unknown });
    expect((await started.docker('system', 'prune', '-f')).code).toBe(0);
    expect((await started.docker('version', '--format', '{{.Server.Platform.Name}} {{len .Server.Components}}')).stdout).toBe('strake 1\n');
  });

  test('prunes images: those without a name, or all', async () => {
    const names = async (): Promise<string> => (await started.docker('images', '--format', '{{.Repository}}')).stdout;
    expect(await started.docker('image', 'prune', '-f')).toMatchObject({ code: 0, stdout: expect.not.stringContaining('blob') as unknown });
    expect(await names()).toContain('tree\n');
    expect(await started.docker('image', 'prune', '-a', '-f', '--filter', 'label=nobody-has-it')).toMatchObject({ code: 0, stdout: 'Total reclaimed space: 0B\n' });
    const archive = join(started.folder, 'all.tar');
    expect((await started.docker('save', '-o', archive, 'tree:1')).code).toBe(0);
    expect((await started.docker('image', 'prune', '-a', '-f')).stdout).toContain('untagged: tree:1\n');
    expect(await names()).toBe('');
    expect((await started.docker('load', '-i', archive)).code).toBe(0);
  });

  test('events tell what happened', async () => {
    const since = String(Math.floor(Date.now() / 1000) - 60);
    await started.docker('tag', 'tree:1', 'told:1');
    await started.docker('rmi', 'told:1');
    const { stdout } = await started.docker('events', '--since', since, '--until', String(Math.floor(Date.now() / 1000)), '--filter', 'event=tag', '--filter', 'event=untag', '--format', '{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}}');
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([`tag ${id} told:1`, `untag ${id} ${id}`]));
  });
});
