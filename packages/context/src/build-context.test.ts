import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync, lstatSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CopyOp } from '@strake/api';
import { createContext, explainContext, findDockerfile } from '.';
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
  const old = (path: string) => {
    const stats = lstatSync(path);
    return Object.assign(stats, { mtimeMs: 1000, ctimeMs: 1000 });
  };

  test('an old file is read once, a changed or a racy one again, a damaged cache is ignored', () => {
    const [file, path] = [join(root, 'cache/c'), join(root, 'f')];
    writeFileSync(path, 'x');
    let reads = 0;
    const ask = (stats = old(path)) => {
      const cache = new StatCache(file);
      cache.digest('f', stats, () => (reads++, 'ab'.repeat(32)));
      cache.save();
      return reads;
    };
    expect([ask(), ask()]).toEqual([1, 1]);
    expect(ask(Object.assign(old(path), { ctimeMs: 1001 }))).toBe(2);
    expect(ask(Object.assign(old(path), { ctimeMs: 1001, ino: 1 }))).toBe(3);
    expect([ask(lstatSync(path)), ask(lstatSync(path))]).toEqual([4, 5]);
    const bytes = readFileSync(file);
    bytes[bytes.length - 1] = 0;
    writeFileSync(file, bytes);
    expect(ask(Object.assign(old(path), { ctimeMs: 1001, ino: 1 }))).toBe(6);
  });

  test('changed content of the same size and mtime is seen', async () => {
    const path = join(root, 'f');
    const context = () => createContext(root, { name: '.', statCachePath: `${root}.cache` }).select(all);
    writeFileSync(path, 'one');
    utimesSync(path, 5, 5);
    const first = await context();
    writeFileSync(path, 'two');
    utimesSync(path, 5, 5);
    expect((await context()).digest).not.toBe(first.digest);
    rmSync(`${root}.cache`, { force: true });
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
