import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopyOp } from '@strake/api';
import { createContext, explainContext, findDockerfile } from '.';
import { entryStats, type EntryStats } from './entry-stats';
import { StatCache } from './stat-cache';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'strake-context-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const all: CopyOp = { type: 'copy', input: 0, sources: ['.'], destination: '/' };

test('a context that is missing or no directory is refused', () => {
  writeFileSync(join(root, 'f'), '');
  expect(() => createContext(join(root, 'none'), { name: 'none' })).toThrow(expect.objectContaining({ code: 'CONTEXT_MISSING' }));
  expect(() => createContext(join(root, 'f'), { name: 'f' })).toThrow(expect.objectContaining({ code: 'CONTEXT_INVALID' }));
});

test('the ignore file of the Dockerfile wins', async () => {
  for (const name of ['a', 'b', 'app.df']) writeFileSync(join(root, name), '');
  writeFileSync(join(root, '.dockerignore'), 'a\n.dockerignore\napp*');
  const files = async (dockerfilePath?: string) =>
    (await createContext(root, { name: '.', ...(dockerfilePath && { dockerfilePath }) }).select(all)).files.map(({ path }) => path);
  expect(await files(join(root, 'app.df'))).toEqual(['', 'b']);
  writeFileSync(join(root, 'app.df.dockerignore'), 'b\n.*\napp*');
  expect(await files(join(root, 'app.df'))).toEqual(['', 'a']);
});

test('an explanation has totals and the largest files', async () => {
  writeFileSync(join(root, 'small'), '1');
  writeFileSync(join(root, 'large'), '123');
  expect(await explainContext(createContext(root, { name: '.' }), [all])).toMatchObject([{ count: 2, size: 4, largest: [{ path: 'large' }, { path: 'small' }] }]);
});

describe('the stat cache', () => {
  const read = { content: 'ab'.repeat(32), xattrs: '' };
  const old = (path: string, more: Partial<EntryStats> = {}): EntryStats => ({ ...entryStats(lstatSync(path)), mtimeMs: 1000, ctimeMs: 1000, ...more });

  test('an old file is read once, a changed or a racy one again, a damaged cache is ignored', () => {
    const [file, path] = [join(root, 'cache/c'), join(root, 'f')];
    writeFileSync(path, 'x');
    let reads = 0;
    const ask = (stats = old(path)): number => {
      const cache = new StatCache(file);
      expect(cache.facts('f', stats, () => (reads++, read))).toMatchObject(read);
      cache.save(() => false);
      return reads;
    };
    expect([ask(), ask()]).toEqual([1, 1]);
    expect(ask(old(path, { ctimeMs: 1001 }))).toBe(2);
    expect(ask(old(path, { ctimeMs: 1001, ino: 1 }))).toBe(3);
    expect([ask(entryStats(lstatSync(path))), ask(entryStats(lstatSync(path)))]).toEqual([4, 5]);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = 0;
    writeFileSync(file, bytes);
    expect(ask(old(path, { ctimeMs: 1001, ino: 1 }))).toBe(6);
  });

  test.each([
    ['the same order', ['a', 'b', 'c'], 0],
    ['another order', ['c', 'a', 'b'], 0],
    ['one that is new', ['a', 'aa', 'b', 'c'], 1],
    ['only the last', ['c'], 0],
    ['a name that is no UTF-8', ['a', 'b\udcff', 'c'], 1],
  ])('asked in %s', (_, paths, expected) => {
    const file = join(root, 'c');
    let reads = 0;
    const ask = (asked: readonly string[]): void => {
      const cache = new StatCache(file);
      for (const path of asked) expect(cache.facts(path, old(root), () => (reads++, read))).toMatchObject(read);
      cache.save(() => false);
    };
    ask(['a', 'b', 'c']);
    reads = 0;
    ask(paths);
    ask(['a', 'b', 'c', ...paths.filter((path) => path.length > 1)]);
    expect(reads).toBe(expected);
  });

  test('what is gone is forgotten, what another copy takes is not', async () => {
    const cachePath = `${root}.cache`;
    const context = (op: CopyOp) => createContext(root, { name: '.', statCachePath: cachePath }).select(op);
    const names = (): string => readFileSync(cachePath, 'latin1');
    for (const path of ['kept', 'gone', 'new']) writeFileSync(join(root, path), path);
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    try {
      await context({ ...all, sources: ['kept', 'gone'] });
      expect(names()).toMatch(/kept.*gone/s);
      rmSync(join(root, 'gone'));
      await context({ ...all, sources: ['new'] });
      expect(names()).toMatch(/kept/);
      expect(names()).not.toMatch(/gone/);
    } finally {
      now.mockRestore();
      rmSync(cachePath, { force: true });
    }
  });

  test('changed content of the same size and mtime is seen by its change time, however old it looks', async () => {
    const path = join(root, 'f');
    const context = () => createContext(root, { name: '.', statCachePath: `${root}.cache` }).select(all);
    const write = (content: string): void => {
      writeFileSync(path, content);
      utimesSync(path, 5, 5);
    };
    // A minute later nothing counts as racy: only the change time tells.
    const now = jest.spyOn(Date, 'now').mockReturnValue(Date.now() + 60_000);
    try {
      write('one');
      const first = await context();
      expect(await context()).toEqual(first);
      const { ctimeMs } = lstatSync(path);
      // The kernel's clock ticks every few milliseconds.
      while (lstatSync(path).ctimeMs === ctimeMs) write('two');
      expect((await context()).digest).not.toBe(first.digest);
    } finally {
      now.mockRestore();
      rmSync(`${root}.cache`, { force: true });
    }
  });
});

test('the Dockerfile is found by the usual names, through links, and outside', () => {
  mkdirSync(join(root, 'c'));
  expect(() => findDockerfile(join(root, 'c'))).toThrow(expect.objectContaining({ code: 'DOCKERFILE_MISSING' }));
  writeFileSync(join(root, 'real'), '');
  symlinkSync('../real', join(root, 'c/Containerfile'));
  expect(findDockerfile(join(root, 'c'))).toBe(join(root, 'c/Containerfile'));
  expect(findDockerfile(join(root, 'c'), join(root, 'real'))).toBe(join(root, 'real'));
  renameSync(join(root, 'real'), join(root, 'Dockerfile'));
  expect(() => findDockerfile(join(root, 'c'), join(root, 'Dockerfil'))).toThrow(expect.objectContaining({ hint: `did you mean "${join(root, 'Dockerfile')}"?` }));
});
