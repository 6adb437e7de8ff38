import { mkdirSync, writeFileSync } from 'node:fs';
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

  test('events tell what happened', async () => {
    const since = String(Math.floor(Date.now() / 1000) - 60);
    await started.docker('tag', 'tree:1', 'told:1');
    await started.docker('rmi', 'told:1');
    const { stdout } = await started.docker('events', '--since', since, '--until', String(Math.floor(Date.now() / 1000)), '--filter', 'event=tag', '--filter', 'event=untag', '--format', '{{.Action}} {{.Actor.ID}} {{.Actor.Attributes.name}}');
    expect(stdout.split('\n')).toEqual(expect.arrayContaining([`tag ${id} told:1`, `untag ${id} ${id}`]));
  });
});
