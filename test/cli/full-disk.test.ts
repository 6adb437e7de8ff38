import { execFileSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statfsSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run, type Finished } from '../engines/run';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const shell = 'FROM scratch\nCOPY busybox /bin/sh\nENV PATH=/bin\n';

suite('a disk that is full', strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'mount'] }), () => {
  let folder: string;
  let disk: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'strake-full-'));
    disk = join(folder, 'disk');
    mkdirSync(disk);
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', disk]);
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
    writeFileSync(join(folder, '.dockerignore'), 'disk\n');
  });
  afterAll(() => {
    execFileSync('umount', ['-l', disk]);
    rmSync(folder, { recursive: true });
  });
  afterEach(() => rmSync(join(disk, 'fill'), { force: true }));

  const strake = (args: readonly string[]): Promise<Finished> => run([...strakeCommand, '--store', join(disk, 'store'), ...args]);
  const build = (text: string, ...args: readonly string[]): Promise<Finished> => {
    writeFileSync(join(folder, 'Dockerfile'), text);
    return strake(['build', '--network', 'none', '-t', 'app', ...args, folder]);
  };
  /** Leaves so many bytes free. */
  const fill = (left: number): void => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'fill'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
  };
  const unfinished = (): readonly string[] => readdirSync(join(disk, 'store', 'tmp'));

  test('a program that fills it fails with a hint, and its state goes', async () => {
    expect((await build(`${shell}RUN true\n`)).code).toBe(0);
    const { code, output } = await build(`${shell}RUN head -c 30000000 /dev/zero > /big\n`);
    expect(code).toBe(1);
    expect(output).toContain('Dockerfile:4');
    expect(output).toContain('hint: the disk of the store is full: free some space');
    const { bavail, bsize } = statfsSync(disk);
    expect(bavail * bsize).toBeGreaterThan(8 << 20);
    expect(unfinished()).toEqual([]);
  }, 60_000);

  test.each([
    ['a copy', `${shell}COPY busybox /other\n`, 1_000_000],
    ['a file that is written', `${shell}WORKDIR /work\nRUN echo 1\n`, 0],
  ])('%s says so and leaves a store that works', async (_, text, left) => {
    fill(left);
    const { code, output } = await build(text, '--no-cache');
    expect(code).toBe(1);
    expect(output).toMatch(/no space left|disk of the store is full/);
    rmSync(join(disk, 'fill'));
    expect((await build(text)).code).toBe(0);
    expect(unfinished()).toEqual([]);
  }, 60_000);

  test('an archive that does not fit is an error and is not there', async () => {
    fill(500_000);
    const { code, output } = await strake(['save', 'app', '-o', join(disk, 'app.tar')]);
    expect([code, output]).toEqual([1, expect.stringContaining('no space left')]);
    expect(readdirSync(disk)).not.toContain('app.tar');
  }, 60_000);

  test('what is pruned is free again, also when not a byte was left', async () => {
    fill(0);
    expect((await strake(['cache', 'prune', '--all'])).code).toBe(0);
    unlinkSync(join(disk, 'fill'));
    expect((await build(`${shell}RUN echo again\n`)).code).toBe(0);
  }, 60_000);
});
