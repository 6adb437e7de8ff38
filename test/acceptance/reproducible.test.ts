import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { startGitHttpServer } from '../sources/git-http-server';
import { makeRepositories } from '../sources/repositories';

const DOCKERFILE = `FROM scratch
COPY --chmod=755 busybox /bin/sh
COPY files /files/
WORKDIR /made
RUN echo out > /made/file; mkdir -p /made/dir/deep; ln -s file /made/link; ln /made/file /made/hard
ENV A=1
`;

/** What must not matter. */
interface Circumstances {
  readonly place: string;
  readonly umask: string;
  readonly names: readonly string[];
  /** `SOURCE_DATE_EPOCH` instead of `--reproducible`. */
  readonly epoch?: string;
}

suite('a build on two days', unmetNeed({ root: true, programs: ['faketime', 'busybox', 'bash', 'git'] }) ?? strakeUnmet(), () => {
  let folder = '';

  beforeAll(() => {
    folder = makeFolder('reproducible');
  });

  afterAll(() => removeFolder(folder));

  /** Builds the same tree by another clock, in another folder, with another store, umask and order, and files of another time. */
  async function buildOn(day: string, { place, umask, names, epoch }: Circumstances): Promise<string> {
    const context = join(folder, place);
    mkdirSync(join(context, 'files'), { recursive: true });
    copyFileSync('/bin/busybox', join(context, 'busybox'));
    writeFileSync(join(context, 'Dockerfile'), DOCKERFILE);
    for (const name of names) {
      writeFileSync(join(context, 'files', name), `${name}\n`);
      utimesSync(join(context, 'files', name), Date.parse(day) / 1000, Date.parse(day) / 1000);
    }
    return epoch === undefined ? buildAt(day, { place, umask }, ['--reproducible', context]) : buildAt(day, { place, umask }, [context], { SOURCE_DATE_EPOCH: epoch });
  }

  /** By a clock of its own, with a store of its own. */
  async function buildAt(day: string, { place, umask }: Pick<Circumstances, 'place' | 'umask'>, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
    const name = place.replaceAll('/', '-');
    const archive = join(folder, `${name}.tar`);
    const words = [...strakeCommand, '--store', join(folder, `store-${name}`), 'build', '--quiet', '-o', `type=oci,dest=${archive}`, ...args];
    await mustRun(['faketime', '-f', `@${day}`, 'bash', '-c', `umask ${umask}; exec "$@"`, '-', ...words], { env });
    return createHash('sha256').update(readFileSync(archive)).digest('hex');
  }

  test('gives the same archive, byte for byte', async () => {
    const one = await buildOn('2019-02-03 04:05:06', { place: 'here', umask: '022', names: ['a', 'b', 'c'] });
    const two = await buildOn('2031-12-24 23:59:58', { place: 'over/there', umask: '077', names: ['c', 'a', 'b'] });
    expect(two).toBe(one);
  }, 120_000);

  test('so it does with a number for the date', async () => {
    const one = await buildOn('2019-02-03 04:05:06', { place: 'number', umask: '022', names: ['a', 'b'], epoch: '1300000000' });
    const two = await buildOn('2031-12-24 23:59:58', { place: 'number/again', umask: '022', names: ['b', 'a'], epoch: '1300000000' });
    expect(two).toBe(one);
  }, 120_000);

  test('and with the date of a commit', async () => {
    mkdirSync(join(folder, 'served'));
    makeRepositories(join(folder, 'served'));
    const git = await startGitHttpServer(join(folder, 'served'));
    try {
      const args = ['--build-arg', 'SOURCE_DATE_EPOCH=context', `http://${git.host}/app.git#v1`];
      const one = await buildAt('2019-02-03 04:05:06', { place: 'commit', umask: '022' }, args);
      const two = await buildAt('2031-12-24 23:59:58', { place: 'commit-again', umask: '077' }, args);
      expect(two).toBe(one);
      const { stdout } = await run([...strakeCommand, 'diff', '--format', 'json', join(folder, 'commit.tar'), join(folder, 'number.tar')], { env: { STRAKE_STORE: join(folder, 'store-commit') } });
      expect(JSON.parse(stdout)).toEqual(expect.arrayContaining([expect.objectContaining({ where: 'config', field: 'config.Env[1]' })]));
    } finally {
      await git.close();
    }
  }, 120_000);
});
