import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { leftOvers } from '../builders/left-overs';
import { strakeUnmet } from '../builders/strake';
import { openStrakeStore, type StrakeStore } from '../builders/strake-store';
import { unmetNeed } from '../engines/need';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';

interface ErrorCase {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
  /** `LINE:COLUMN` in the Dockerfile; absent where no Dockerfile is to blame. */
  readonly at?: string;
  /** Every one must be in what is printed. */
  readonly says: readonly (string | RegExp)[];
  readonly code?: number;
}

const base = 'FROM example.test/base:1\n';

/** One row an error: what the user did, where strake must point, what it must say. Exit code 1 unless said. */
const cases: readonly ErrorCase[] = [
  { name: 'unknown instruction', files: { Dockerfile: `${base}RUM echo\n` }, at: '2:1', says: ['RUM', /did you mean.*RUN/i] },
  { name: 'unknown flag', files: { Dockerfile: `${base}COPY --chwon=app a /a\n`, a: '' }, at: '2:6', says: ['chwon', /did you mean.*chown/i] },
  { name: 'an option of a mount', files: { Dockerfile: `${base}RUN --mount=type=cache,taget=/c true\n` }, at: '2:5', says: ['taget', 'did you mean target?'] },
  { name: 'missing Dockerfile', files: { dockerfile2: base }, says: ['Dockerfile'] },
  { name: 'missing context', files: {}, args: ['/no/such/context'], says: ['/no/such/context'] },
  { name: 'missing source, nearest name', files: { Dockerfile: `${base}COPY pakage.json /\n`, 'package.json': '{}' }, at: '2:6', says: ['pakage.json', 'package.json'] },
  { name: 'source hidden by an ignore rule', files: { Dockerfile: `${base}COPY a.log /\n`, 'a.log': '', '.dockerignore': '# logs\n*.log\n' }, at: '2:6', says: ['a.log', '.dockerignore', '*.log'] },
  { name: 'JSON form with a number', files: { Dockerfile: `${base}CMD ["a", 1]\n` }, at: '2', says: [/string/] },
  { name: 'SHELL without JSON', files: { Dockerfile: `${base}SHELL /bin/sh -c\n` }, at: '2', says: [/JSON/] },
  { name: 'unterminated heredoc', files: { Dockerfile: `${base}RUN <<EOF\necho\n` }, at: '2', says: [/heredoc/i, 'EOF'] },
  { name: 'unterminated quote', files: { Dockerfile: `${base}ENV A="b\n` }, at: '2', says: [/quote/i] },
  { name: 'missing base image', files: { Dockerfile: '\nFROM example.test/absent:1\n' }, at: '2:6', says: ['example.test/absent:1', /load/] },
  { name: 'unknown target', files: { Dockerfile: 'FROM example.test/base:1 AS build\n' }, args: ['--target', 'biuld'], says: ['biuld', 'build'] },
  { name: 'unknown option of the command', files: { Dockerfile: base }, args: ['--tga', 'x'], says: ['--tga', '--tag'], code: 2 },
  {
    name: 'failing RUN', at: '4:1',
    files: { Dockerfile: `${base}\nRUN true\nRUN echo first line; for i in 1 2 3; do echo line $i; done; \\\n  echo to-stderr >&2; exit 42\n` },
    says: ['exit code: 42', 'exit 42', 'line 3', 'to-stderr'],
  },
];

suite('errors of the command', strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'setcap'] }), () => {
  let store: StrakeStore;
  beforeAll(async () => { store = await openStrakeStore('errors', { bases: true }); }, 120_000);
  afterAll(() => store.close(), 60_000);

  it.each(cases.map((row) => [row.name, row] as const))('%s', async (name, row) => {
    const context = store.context(name.replaceAll(' ', '-'), row.files);
    const archive = join(store.folder, 'never.tar');
    const refused = await store.strake(['build', '--network', 'none', '--progress', 'plain', '-t', 'example.test/never:1', '-o', `type=oci,dest=${archive}`, context, ...(row.args ?? [])].filter((word) => word !== context || row.args?.[0]?.startsWith('/') !== true));
    expect(refused.code).toBe(row.code ?? 1);
    if (row.at !== undefined) expect(refused.output).toMatch(new RegExp(`Dockerfile:${row.at}(?!\\d)`));
    for (const text of row.says) expect(refused.output).toMatch(text instanceof RegExp ? text : new RegExp(text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
    expect(refused.output).not.toMatch(/^\s+at .*\.(js|ts):\d+/m);
    await nothingIsLeft(archive);
  }, 60_000);

  async function nothingIsLeft(archive: string): Promise<void> {
    expect(existsSync(archive)).toBe(false);
    expect((await store.strake(['images'])).stdout).not.toContain('example.test/never');
    expect(leftOvers(store.store)).toEqual({ processes: [], mounts: [], unfinished: [] });
  }

  it('says that the disk is full, and leaves a store that works', async () => {
    const small = join(store.folder, 'small');
    mkdirSync(small);
    await mustRun(['mount', '-t', 'tmpfs', '-o', 'size=24m', 'tmpfs', small]);
    try {
      const env = { STRAKE_STORE: join(small, 'store') };
      expect(await store.strake(['load', '-i', store.bases[0]?.archive ?? ''], { env })).toMatchObject({ code: 0 });
      const context = store.context('full', { Dockerfile: `${base}RUN dd if=/dev/zero of=/big bs=1M count=64\n`, 'small/Dockerfile': `${base}RUN echo fits > /fits\n`, 'copy/Dockerfile': `${base}COPY big /\n`, 'copy/big': 'x'.repeat(32 * 1024 * 1024) });
      const copied = await store.strake(['build', '--network', 'none', join(context, 'copy')], { env });
      expect(copied.code).not.toBe(0);
      expect(copied.output).toMatch(/no space|disk is full|ENOSPC/i);
      expect((await store.strake(['build', '--network', 'none', context], { env })).code).not.toBe(0);
      expect(leftOvers(join(small, 'store')).mounts).toEqual([]);
      expect(await store.strake(['build', '--network', 'none', join(context, 'small')], { env })).toMatchObject({ code: 0 });
    } finally {
      await run(['umount', '-l', small]);
    }
  }, 120_000);

  it('says which folder it may not write', async () => {
    const readOnly = join(store.folder, 'read-only');
    mkdirSync(readOnly);
    await mustRun(['mount', '-t', 'tmpfs', '-o', 'ro', 'tmpfs', readOnly]);
    try {
      const refused = await store.strake(['build', store.context('plain', { Dockerfile: base })], { env: { STRAKE_STORE: join(readOnly, 'store') } });
      expect(refused.code).not.toBe(0);
      expect(refused.output).toContain(readOnly);
      expect(refused.output).not.toMatch(/^\s+at .*\.(js|ts):\d+/m);
    } finally {
      await run(['umount', '-l', readOnly]);
    }
  }, 60_000);

  it('lets two builds share a store, and refuses to prune under a running one', async () => {
    const slow = store.context('slow', { Dockerfile: `${base}RUN echo started; sleep 3\n` });
    const quick = store.context('quick', { Dockerfile: `${base}RUN echo quick > /quick\n` });
    const first = store.strake(['build', '--network', 'none', '--no-cache', slow]);
    await untilRunning(() => leftOvers(store.store).unfinished.length > 0);
    expect(await store.strake(['build', '--network', 'none', '--no-cache', quick])).toMatchObject({ code: 0 });
    const pruned = await store.strake(['prune', '--force']);
    expect(pruned.code).not.toBe(0);
    expect(pruned.output).toMatch(/busy|in use|another/i);
    expect(await first).toMatchObject({ code: 0 });
  }, 60_000);
});

/** Waits for a state that must come; fails with the test's own time limit otherwise. */
async function untilRunning(reached: () => boolean): Promise<void> {
  while (!reached()) await new Promise((resolve) => setTimeout(resolve, 20));
}
