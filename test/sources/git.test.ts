import { gitSource as opOf, parseGitReference, type SourceOp } from '@strake/api';
import { gitSource } from '@strake/source-git';
import { execFileSync, spawnSync } from 'node:child_process';
import { lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../engines/docker-registry';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { startGitHttpServer, type GitHttpServer } from './git-http-server';
import { startServer, type ServerProcess } from './processes';
import { COMMIT_TIME, makeRepositories, type Repositories } from './repositories';
import { startSshServer, type SshServer } from './ssh-server';
import { treeOf } from './tree-of';
import { makeWorkplace, secretsOf } from './work';

const env = { PATH: process.env['PATH'] };
const provider = gitSource({ env });

function git(reference: string, more: Readonly<Record<string, string>> = {}): SourceOp {
  const parsed = parseGitReference(reference);
  if (parsed === undefined || 'problem' in parsed) throw new Error(`${reference} is no git reference`);
  const { attributes, ...op } = opOf(parsed.reference);
  return { type: 'source', ...op, attributes: { ...attributes, ...more } };
}

const MAIN = ['.gitmodules', 'Dockerfile', 'docs/', 'docs/a.txt', 'docs/deep/', 'docs/deep/b.txt', 'docs/link', 'mod/', 'mod/in-module', 'run.sh'];
const names = (directory: string): readonly string[] => treeOf(directory).map((line) => line.split(' ')[0] ?? '');

suite('git repositories', unmetNeed({ programs: ['git'] }), () => {
  let folder: string;
  let repositories: Repositories;
  let daemon: ServerProcess;
  let http: GitHttpServer;
  let url: string;
  let number = 0;
  const workplace = (more: Parameters<typeof makeWorkplace>[1] = {}): ReturnType<typeof makeWorkplace> => {
    const own = join(folder, `work-${(number += 1)}`);
    mkdirSync(own);
    return makeWorkplace(own, more);
  };

  beforeAll(async () => {
    folder = makeFolder('git');
    mkdirSync(join(folder, 'served'));
    repositories = makeRepositories(join(folder, 'served'));
    const port = await freePort();
    daemon = await startServer(['git', 'daemon', '--reuseaddr', '--listen=127.0.0.1', `--port=${port}`, '--export-all', '--informative-errors', `--base-path=${join(folder, 'served')}`], port);
    http = await startGitHttpServer(join(folder, 'served'));
    url = `git://127.0.0.1:${port}/app.git`;
  });

  afterAll(async () => {
    await daemon.stop();
    await http.close();
    await removeFolder(folder);
  });

  test('the default branch, with modes, links and submodules, and no trace of git', async () => {
    const tree = await workplace().bring(provider, git(url));
    expect(names(tree)).toEqual(MAIN);
    expect(treeOf(tree)).toEqual(expect.arrayContaining(['Dockerfile 644 "FROM scratch\\nCOPY docs /\\n"', 'docs/a.txt 644 "aa"', 'docs/link -> ../run.sh', 'run.sh 755 "#!/bin/sh\\n"', 'mod/in-module 644 "m"']));
  });

  test.each<[string, () => string, string]>([
    ['a branch', () => '#side', 'side'],
    ['a full name', () => '#refs/heads/side', 'side'],
    ['a branch by query', () => '?branch=side', 'side'],
    ['a light tag', () => '#light', 'first'],
    ['an annotated tag', () => '#v1', 'first'],
    ['an annotated tag by query', () => '?tag=v1', 'first'],
    ['a commit that a branch is at', () => `#${repositories.commits.side}`, 'side'],
    ['a commit in the middle', () => `#${repositories.commits.first}`, 'first'],
    ['the beginning of a commit', () => `#${repositories.commits.side.slice(0, 9)}`, 'side'],
    ['a commit by its checksum alone', () => `?fetch-by-commit=1&checksum=${repositories.commits.first}`, 'first'],
  ])('%s', async (_, suffix, commit) => {
    const place = workplace();
    const tree = await place.bring(provider, git(url + suffix()));
    const expected = repositories.git('ls-tree', '-r', '--name-only', repositories.commits[commit as 'side']).split('\n');
    expect(names(tree).filter((name) => !name.endsWith('/'))).toEqual(expected.sort());
  });

  test('equal trees have equal identities, however they are asked for', async () => {
    const place = workplace();
    const identity = async (suffix: string): Promise<string> => (await place.resolve(provider, git(url + suffix))).identity;
    const first = await identity(`#${repositories.commits.first}`);
    expect(await identity('#v1')).toBe(first);
    expect(await identity('#light')).toBe(first);
    expect((await place.resolve(provider, git(`http://${http.host}/app.git#v1`))).identity).toBe(first);
    for (const other of ['#main', '#v1:docs', '?ref=v1&submodules=0', '?ref=v1&mtime=commit', '?ref=v1&keep-git-dir=1']) expect(await identity(other)).not.toBe(first);
  });

  test('a directory of it', async () => {
    expect(treeOf(await workplace().bring(provider, git(`${url}#:docs`)))).toEqual(['a.txt 644 "aa"', 'deep/ 755', 'deep/b.txt 644 "b"', 'link -> ../run.sh']);
  });

  test('no submodules, and the time of the commit', async () => {
    const tree = await workplace().bring(provider, git(`${url}?submodules=false&mtime=commit`));
    expect(names(tree)).toEqual(MAIN.filter((name) => name !== 'mod/in-module'));
    for (const path of ['.', 'docs/a.txt', 'docs/deep', 'docs/link']) expect(lstatSync(join(tree, path)).mtimeMs).toBe(COMMIT_TIME * 1000);
  });

  test.each(['#side', '#v1', '#light', ''])('a kept .git is a repository of its own: %s', async (suffix) => {
    const tree = await workplace().bring(provider, git(url + suffix, { 'keep-git-dir': 'true' }));
    const inTree = (...args: readonly string[]): string => execFileSync('git', args, { cwd: tree, encoding: 'utf8', env: { ...env, HOME: folder, GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'safe.directory', GIT_CONFIG_VALUE_0: '*' } }).trim();
    expect(inTree('status', '--porcelain')).toBe('');
    expect(inTree('rev-parse', 'HEAD')).toBe(repositories.git('rev-parse', `${suffix.slice(1) || 'main'}^{commit}`));
    expect(inTree('remote', 'get-url', 'origin')).toBe(url);
    if (suffix === '#v1') expect(inTree('describe')).toBe('v1');
    expect(readdirSync(join(tree, '.git'))).not.toContain('hooks');
  });

  test('a branch that has moved is fetched again', async () => {
    const place = workplace();
    repositories.git('checkout', '--quiet', '-B', 'moving', 'main');
    const before = repositories.commit({ moving: '1' });
    const resolved = await place.resolve(provider, git(`${url}#moving`));
    expect(resolved.pinned.attributes).toMatchObject({ commit: before, ref: 'refs/heads/moving' });
    repositories.git('reset', '--quiet', '--hard', 'main');
    repositories.commit({ moving: '2' });
    repositories.git('checkout', '--quiet', 'main');
    const again = await place.bring(provider, git(`${url}#moving`));
    expect(readFileSync(join(again, 'moving'), 'utf8')).toBe('2');
  });

  test('builds at the same time share a repository', async () => {
    const place = workplace();
    const trees = await Promise.all(['#main', '#side', '#v1', '#main'].map((suffix) => place.bring(provider, git(url + suffix))));
    expect(trees.map((tree) => names(tree).length)).toEqual([10, 7, 6, 10]);
    expect(readdirSync(join(place.cacheDirectory, 'repositories'))).toHaveLength(1);
  });

  test.each<[string, () => SourceOp, object]>([
    ['a checksum that is another', () => git(`${url}#main`, { checksum: 'abcd' }), { code: 'DIGEST_MISMATCH', message: expect.stringMatching(/^expected checksum to match abcd, got [0-9a-f]{40}$/) }],
    ['a checksum that is no commit', () => git(`${url}#main`, { checksum: 'xyz' }), { code: 'INVALID_FLAG', message: 'invalid checksum xyz for Git URL, expected hex commit hash' }],
    ['a ref that is not there', () => git(`${url}#mian`), { code: 'SOURCE_MISSING', message: expect.stringContaining('does not contain ref mian'), hint: 'did you mean "main"?' }],
    ['a short commit that no ref is at', () => git(`${url}#abcdef12`), { code: 'SOURCE_MISSING', hint: 'write the commit in full' }],
    ['a commit that is not there', () => git(`${url}#${'0'.repeat(40)}`), { code: 'SOURCE_MISSING' }],
    ['a directory that is not there', () => git(`${url}#:doc`), { code: 'SOURCE_MISSING', message: expect.stringContaining('has no directory doc'), hint: 'did you mean "docs"?' }],
    ['a directory that is a file', () => git(`${url}#:run.sh/x`), { code: 'SOURCE_MISSING', message: expect.stringContaining('"run.sh" of the path run.sh/x is no directory') }],
    ['a directory behind a link', () => git(`${url}#:docs/link`), { code: 'SOURCE_MISSING' }],
    ['no repository', () => git(url.replace('app', 'none')), { code: 'SOURCE_MISSING', message: expect.stringContaining('is not a git repository') }],
    ['nobody there', () => git('git://127.0.0.1:1/x'), { code: 'SOURCE_UNREACHABLE' }],
    ['an option for a ref', () => git(`${url}?ref=--upload-pack=x`), { code: 'INVALID_ARGUMENTS' }],
    ['a pattern for a ref', () => git(`${url}?ref=ma*`), { code: 'INVALID_ARGUMENTS' }],
    ['half a commit to fetch', () => git(`${url}?fetch-by-commit=1&checksum=abcd`), { code: 'INVALID_ARGUMENTS' }],
  ])('%s is refused', async (_, op, expected) => {
    expect(await workplace().bring(provider, op()).then(() => undefined, (error: unknown) => error)).toMatchObject(expected);
  });

  test('checksums are beginnings of commits, or of the tag', async () => {
    const { first, tag } = repositories.commits;
    for (const checksum of [first, first.slice(0, 7), tag.slice(0, 10)]) expect(names(await workplace().bring(provider, git(`${url}#v1`, { checksum })))).toHaveLength(6);
  });

  test('by http, with a secret of its host, which nobody else sees', async () => {
    http.wanted = `basic ${Buffer.from('x-access-token:hush').toString('base64')}`;
    try {
      const remote = `http://${http.host}/app.git#side`;
      const error: unknown = await workplace().bring(provider, git(remote)).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'SOURCE_DENIED', hint: expect.stringContaining(`GIT_AUTH_TOKEN.${http.host}`) });
      const place = workplace({ secrets: secretsOf({ [`GIT_AUTH_TOKEN.${http.host}`]: 'hush\n', GIT_AUTH_TOKEN: 'another' }) });
      const tree = await place.bring(provider, git(remote, { 'keep-git-dir': 'true' }));
      expect(names(tree)).toContain('side');
      const { stdout } = spawnSync('grep', ['-rlE', `hush|${Buffer.from('x-access-token:hush').toString('base64')}`, tree, place.cacheDirectory], { encoding: 'utf8' });
      expect(stdout).toBe('');
    } finally {
      http.wanted = undefined;
    }
  });

  test('submodules are let in by a secret of the host, and by no other one', async () => {
    http.wanted = `basic ${Buffer.from('x-access-token:hush').toString('base64')}`;
    try {
      const remote = `http://${http.host}/app.git`;
      expect(names(await workplace({ secrets: secretsOf({ [`GIT_AUTH_TOKEN.${http.host}`]: 'hush' }) }).bring(provider, git(remote)))).toEqual(MAIN);
      await expect(workplace({ secrets: secretsOf({ GIT_AUTH_TOKEN: 'hush' }) }).bring(provider, git(remote))).rejects.toMatchObject({ code: 'SOURCE_DENIED', hint: expect.stringContaining(`GIT_AUTH_TOKEN.${http.host}`) as unknown });
    } finally {
      http.wanted = undefined;
    }
  });

  test('a submodule on another host, in a submodule, has a secret of its own', async () => {
    const other = await startGitHttpServer(join(folder, 'served'));
    try {
      const nested = join(folder, 'served/nested.git');
      repositories.git('checkout', '--quiet', '-B', 'far', 'main');
      repositories.git('init', '--quiet', '--bare', nested);
      repositories.git('config', '-f', '.gitmodules', 'submodule.mod.url', `http://${other.host}/module.git`);
      repositories.commit({ far: 'x' });
      repositories.git('push', '--quiet', nested, 'HEAD:refs/heads/master');
      // Of app: nested, here; of nested: module, on the other host.
      repositories.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', '-b', 'master', nested, 'nest');
      repositories.git('config', '-f', '.gitmodules', 'submodule.nest.url', '../nested.git');
      repositories.commit({ far: 'y' });
      repositories.git('checkout', '--quiet', '--force', 'main');
      // git leaves a submodule that the branch does not have.
      rmSync(join(folder, 'served/work/nest'), { recursive: true });
      const basic = (token: string): string => `basic ${Buffer.from(`x-access-token:${token}`).toString('base64')}`;
      [http.wanted, other.wanted] = [basic('here'), basic('there')];
      const secrets = { [`GIT_AUTH_TOKEN.${http.host}`]: 'here', [`GIT_AUTH_TOKEN.${other.host}`]: 'there' };
      const remote = `http://${http.host}/app.git#far`;
      expect(names(await workplace({ secrets: secretsOf(secrets) }).bring(provider, git(remote)))).toEqual(expect.arrayContaining(['far', 'mod/in-module', 'nest/far', 'nest/mod/in-module']));
      await expect(workplace({ secrets: secretsOf({ [`GIT_AUTH_TOKEN.${http.host}`]: 'here' }) }).bring(provider, git(remote))).rejects.toMatchObject({ code: 'SOURCE_DENIED', hint: `A submodule is on another host: give the secret GIT_AUTH_TOKEN.${other.host}.` });
    } finally {
      http.wanted = undefined;
      await other.close();
    }
  });

  test.each<[string, Record<string, string>, (host: string) => string, string]>([
    ['a whole header', { GIT_AUTH_HEADER: 'bearer abc' }, (host) => `http://${host}/app.git`, 'bearer abc'],
    ['a token for everybody', { GIT_AUTH_TOKEN: 't' }, (host) => `http://${host}/app.git`, `basic ${Buffer.from('x-access-token:t').toString('base64')}`],
    ['the URL itself', {}, (host) => `http://me:pass%21@${host}/app.git`, `basic ${Buffer.from('me:pass!').toString('base64')}`],
  ])('authorization by %s', async (_, secrets, remote, expected) => {
    await workplace({ secrets: secretsOf(secrets) }).resolve(provider, git(remote(http.host)));
    expect(http.authorization).toBe(expected);
  });

  test('neither hooks nor filters nor configuration of anybody run', async () => {
    const marker = join(folder, 'ran');
    repositories.git('checkout', '--quiet', '-B', 'hostile', 'main');
    repositories.commit({ '.gitattributes': '* filter=evil\n*.bin filter=lfs\n', 'x.bin': 'pointer', '.git-hooks/post-checkout': '#!/bin/sh\n' });
    repositories.git('checkout', '--quiet', 'main');
    const home = join(folder, 'home');
    mkdirSync(home);
    writeFileSync(join(home, '.gitconfig'), `[filter "evil"]\n\tsmudge = touch ${marker}\n\trequired = true\n[filter "lfs"]\n\tsmudge = touch ${marker}\n[core]\n\tsshCommand = touch ${marker}\n`);
    const tree = await workplace().bring(gitSource({ env: { ...env, HOME: home } }), git(`${url}#hostile`));
    expect(readFileSync(join(tree, 'x.bin'), 'utf8')).toBe('pointer');
    expect(() => lstatSync(marker)).toThrow(/ENOENT/);
  });

  test.each(['ext::touch', 'file:///', '/'])('a submodule at %s is not followed', async (address) => {
    const place = workplace();
    repositories.git('checkout', '--quiet', '-B', 'sub', 'main');
    repositories.commit({ '.gitmodules': `[submodule "mod"]\n\tpath = mod\n\turl = ${address}${join(folder, 'served/module.git')}\n` });
    repositories.git('checkout', '--quiet', '--force', 'main');
    expect(await place.bring(provider, git(`${url}#sub`)).then(() => undefined, (error: unknown) => error)).toMatchObject({ code: expect.stringMatching(/^SOURCE_/) });
  });

  test('git is missed by its name', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    await expect(workplace().resolve(gitSource({ env: { PATH: empty } }), git(url))).rejects.toMatchObject({ code: 'PROGRAM_MISSING', message: 'git is not installed' });
  });

  test('a fetch can be cancelled', async () => {
    const abort = new AbortController();
    const port = await freePort();
    // a server that never says anything
    const { createServer } = await import('node:net');
    const silent = createServer((socket) => {
      socket.on('error', () => undefined).resume();
      abort.abort();
    });
    await new Promise<void>((resolve) => silent.listen(port, '127.0.0.1', resolve));
    await expect(workplace({ signal: abort.signal }).resolve(provider, git(`git://127.0.0.1:${port}/x`))).rejects.toMatchObject({ code: 'CANCELLED' });
    await new Promise((resolve) => silent.close(resolve));
  });

  suite('by ssh', unmetNeed({ root: true, programs: ['sshd', 'ssh', 'ssh-agent', 'ssh-keygen'] }), () => {
    let ssh: SshServer;
    beforeAll(async () => {
      mkdirSync(join(folder, 'ssh'), { mode: 0o700 });
      ssh = await startSshServer(join(folder, 'ssh'));
    });
    afterAll(() => ssh.stop());
    const remote = (): string => `ssh://root@127.0.0.1:${ssh.port}${join(folder, 'served/app.git')}#side`;

    test('the agent of the build lets us in, and the host is known from then on', async () => {
      const place = workplace({ ssh: { socket: async (id) => (id === 'default' ? ssh.agent : undefined) } });
      expect(names(await place.bring(provider, git(remote())))).toContain('side');
      expect(readFileSync(join(place.cacheDirectory, 'known_hosts'), 'utf8')).toContain(`[127.0.0.1]:${ssh.port}`);
    });

    test('the agent of the user does too', async () => {
      expect(names(await workplace().bring(gitSource({ env: { ...env, SSH_AUTH_SOCK: ssh.agent } }), git(remote())))).toContain('side');
    });

    test('submodules come by ssh too', async () => {
      const place = workplace({ ssh: { socket: async () => ssh.agent } });
      expect(names(await place.bring(provider, git(remote().replace('#side', ''))))).toEqual(MAIN);
      await expect(workplace().bring(provider, git(`${url}#by-ssh`))).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
      repositories.git('checkout', '--quiet', '-B', 'by-ssh', 'main');
      repositories.commit({ '.gitmodules': `[submodule "mod"]\n\tpath = mod\n\turl = ssh://root@127.0.0.1:${ssh.port}${join(folder, 'served/module.git')}\n` });
      repositories.git('checkout', '--quiet', '--force', 'main');
      expect(names(await place.bring(provider, git(`${url}#by-ssh`)))).toEqual(MAIN);
      await expect(workplace().bring(provider, git(`${url}#by-ssh`))).rejects.toMatchObject({ code: 'SOURCE_DENIED', hint: expect.stringContaining('--ssh') as unknown });
    });

    test('without a key it is refused', async () => {
      await expect(workplace().resolve(provider, git(remote()))).rejects.toMatchObject({ code: 'SOURCE_DENIED', hint: expect.stringContaining('--ssh') });
    });

    test('a host that has another key is refused', async () => {
      const place = workplace({ ssh: { socket: async () => ssh.agent } });
      writeFileSync(join(place.cacheDirectory, 'known_hosts'), `[127.0.0.1]:${ssh.port} ${readFileSync(join(folder, 'ssh/user.pub'), 'utf8')}`);
      await expect(place.resolve(provider, git(remote()))).rejects.toMatchObject({ code: 'SOURCE_DENIED', hint: expect.stringContaining('known hosts') });
    });
  });
});
