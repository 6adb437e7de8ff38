import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBuilder, type Builder, type BuildOptions } from 'strake';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

suite('LABEL --from-git', unmetNeed({ programs: ['git', 'tar'] }), () => {
  let folder: string;
  let tree: string;
  let builder: Builder;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-label-'));
    tree = join(folder, 'app');
    mkdirSync(join(tree, 'sub'), { recursive: true });
    builder = await createBuilder({ store: join(folder, 'store'), cwd: folder, plugins: ['label-from-git'] });
    for (const place of ['Dockerfile', 'sub/Dockerfile']) writeFileSync(join(tree, place), 'FROM scratch\nLABEL --from-git\n');
    git('init', '-q', '-b', 'main');
    commit();
    git('remote', 'add', 'origin', 'https://me:s3cret@example.org/app.git?token=s3cret');
  });
  afterEach(async () => {
    await builder.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const git = (...args: readonly string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: tree, encoding: 'utf8', env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' } }).trim();
  const commit = (): void => {
    git('add', '-A');
    git('commit', '-q', '-m', 'one');
  };
  const labels = async (more: Partial<BuildOptions> = {}): Promise<Readonly<Record<string, string>>> => {
    const { config } = await builder.plan({ context: 'app', ...more });
    return Object.fromEntries(Object.entries(config.config?.Labels ?? {}).map(([name, value]) => [name.replace('org.opencontainers.image.', ''), value]));
  };
  const head = (): string => git('rev-parse', 'HEAD');

  test('revision, branch and address, without credentials; of a directory in the repository too', async () => {
    const expected = { revision: head(), 'ref.name': 'main', source: 'https://example.org/app.git' };
    expect(await labels()).toEqual(expected);
    expect(await labels({ context: 'app/sub' })).toEqual(expected);
    git('pack-refs', '--all');
    expect(await labels()).toEqual(expected);
    git('checkout', '-q', '--detach');
    expect(await labels()).toEqual({ revision: head(), source: 'https://example.org/app.git' });
  });

  test('changed files make it dirty, new ones do not; the index is left alone', async () => {
    writeFileSync(join(tree, 'new'), 'new');
    expect((await labels())['revision']).toBe(head());
    const index = readFileSync(join(tree, '.git/index'));
    writeFileSync(join(tree, 'sub/Dockerfile'), 'FROM scratch\nLABEL --from-git a=1\n');
    expect((await labels())['revision']).toBe(`${head()}-dirty`);
    expect(readFileSync(join(tree, '.git/index')).equals(index)).toBe(true);
  });

  test('a linked work tree counts when both name each other', async () => {
    git('worktree', 'add', '-q', '-b', 'side', '../linked');
    expect(await labels({ context: 'linked' })).toMatchObject({ revision: head(), 'ref.name': 'side' });
    mkdirSync(join(folder, 'stolen'));
    writeFileSync(join(folder, 'stolen/Dockerfile'), 'FROM scratch\nLABEL --from-git\n');
    writeFileSync(join(folder, 'stolen/.git'), readFileSync(join(folder, 'linked/.git')));
    await expect(labels({ context: 'stolen' })).rejects.toMatchObject({ code: 'INVALID_FLAG', range: { start: { line: 2, column: 7 } }, message: 'the .git of the build context is a file, and not that of a linked work tree' });
  });

  test('no repository is an error at the flag; nothing is asked where no instruction wants it', async () => {
    rmSync(join(tree, '.git'), { recursive: true });
    await expect(labels()).rejects.toMatchObject({ message: 'the build context is in no git repository', range: { start: { line: 2, column: 7 } } });
    await expect(labels({ context: { files: { Dockerfile: 'FROM scratch\nLABEL --from-git\n' } } })).rejects.toMatchObject({ message: 'the build context is in no git repository' });
    expect(await labels({ dockerfile: { text: 'FROM scratch\nLABEL a=1\n', name: 'Dockerfile' } })).toEqual({ a: '1' });
  });

  test('nothing that a hostile repository names is executed or read', async () => {
    const program = join(folder, 'program');
    const mark = join(folder, 'executed');
    writeFileSync(program, `#!/bin/sh\ntouch ${mark}\n`);
    chmodSync(program, 0o755);
    writeFileSync(join(tree, '.gitattributes'), '* filter=evil diff=evil\n');
    commit();
    for (const [key, value] of [['core.fsmonitor', program], ['filter.evil.clean', program], ['filter.evil.smudge', program], ['filter.evil.process', program], ['diff.external', program], ['core.hooksPath', folder], ['core.pager', program], ['core.sshCommand', program]] as const) git('config', key, value);
    mkdirSync(join(tree, '.git/hooks'), { recursive: true });
    for (const hook of ['post-index-change', 'post-checkout', 'reference-transaction']) symlinkSync(program, join(tree, '.git/hooks', `${hook}x`.slice(0, -1)));
    writeFileSync(join(tree, 'sub/Dockerfile'), 'FROM scratch\nLABEL --from-git b=1\n');
    expect((await labels())['revision']).toBe(`${readFileSync(join(tree, '.git/refs/heads/main'), 'utf8').trim()}-dirty`);
    expect(existsSync(mark)).toBe(false);
    writeFileSync(join(folder, 'secret'), 's3cret\n');
    rmSync(join(tree, '.git/HEAD'));
    symlinkSync(join(folder, 'secret'), join(tree, '.git/HEAD'));
    await expect(labels()).rejects.toMatchObject({ message: 'the git repository of the build context has no HEAD that can be read' });
    rmSync(join(tree, '.git/HEAD'));
    writeFileSync(join(tree, '.git/HEAD'), 'ref: refs/heads/../../../secret\n');
    await expect(labels()).rejects.toMatchObject({ message: 'the git repository of the build context has no HEAD that can be read' });
  });
});
