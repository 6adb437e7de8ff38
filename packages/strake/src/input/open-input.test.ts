import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { encodeHeader, openStore, type Store, type TarHeader } from '@strake/oci';
import type { BuildOptions } from '../build/build-options';
import { makeScratch, type Scratch } from '../test-support/scratch';
import { openInput, type BuildInput } from './open-input';

let scratch: Scratch;
let store: Store;

beforeEach(() => {
  scratch = makeScratch();
  store = openStore(scratch.store);
});

afterEach(() => {
  store.close();
  scratch.remove();
});

const open = (options: BuildOptions): Promise<BuildInput> => openInput(options, { store, cwd: scratch.folder, sources: new Map(), signal: new AbortController().signal });

const refusal = (options: BuildOptions): Promise<unknown> => open(options).then(() => undefined, (error: unknown) => error);
/** What is unfinished in the store, but for the store's own scratch folder. */
function unfinished(): readonly string[] {
  store.close();
  return existsSync(join(scratch.store, 'tmp')) ? readdirSync(join(scratch.store, 'tmp')) : [];
}

type Entry = Partial<TarHeader> & { readonly name: string; readonly content?: string };

function tarOf(...entries: readonly Entry[]): Buffer {
  const blocks = entries.flatMap(({ name, content = '', target, ...rest }) => {
    const body = Buffer.from(content);
    const header = encodeHeader({
      path: Buffer.from(name), type: 'file', mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0n, major: 0, minor: 0, ...rest,
      ...(target === undefined ? {} : { target }),
    });
    return [header, body, Buffer.alloc((512 - (body.length % 512)) % 512)];
  });
  return Buffer.concat([...blocks, Buffer.alloc(1024)]);
}

const tar = (...entries: readonly Entry[]): BuildOptions => ({ context: { tar: Readable.from([tarOf(...entries)]) } });
const DOCKERFILE: Entry = { name: 'Dockerfile', content: 'FROM scratch\n' };

describe('an archive as build context', () => {
  test('brings Dockerfile, ignore file and files, and goes when it is released', async () => {
    const input = await open(tar(DOCKERFILE, { name: '.dockerignore', content: 'b\n' }, { name: 'a', content: '1' }, { name: 'b', content: '2' }));
    expect(input.dockerfile).toEqual({ name: 'Dockerfile', path: 'Dockerfile', text: 'FROM scratch\n' });
    const { files } = await input.context().select({ type: 'copy', input: 0, sources: ['.'], destination: '/' });
    expect(files.map(({ path }) => path)).toEqual(['', '.dockerignore', 'Dockerfile', 'a']);
    expect(unfinished()).toHaveLength(1);
    input.release();
    expect(unfinished()).toEqual([]);
  });

  test('gives the keys that the same files in a directory give', async () => {
    const copy = { type: 'copy', input: 0, sources: ['a'], destination: '/' } as const;
    scratch.write('Dockerfile', 'FROM scratch\n');
    scratch.write('a', '1');
    const [left, right] = [await open({ context: scratch.context }), await open(tar(DOCKERFILE, { name: './a', content: '1', uid: 7, mtime: 5n }))];
    expect((await left.context().select(copy)).digest).toBe((await right.context().select(copy)).digest);
    right.release();
  });

  test.each(['gzip', 'bzip2', 'xz', 'zstd'])('compressed by %s', async (tool) => {
    const packed = execFileSync(tool, ['-c'], { input: tarOf(DOCKERFILE) });
    const input = await open({ context: { tar: Readable.from([packed]) } });
    expect(input.dockerfile.text).toBe('FROM scratch\n');
    input.release();
  });

  test('names its Dockerfile relative to its root', async () => {
    const input = await open({ ...tar({ name: 'd/x', content: 'FROM a\n' }, { name: 'd/x.dockerignore', content: '*\n' }), dockerfile: 'd/x' });
    expect(input.dockerfile).toEqual({ name: 'd/x', path: 'd/x', text: 'FROM a\n' });
    expect((await input.context().select({ type: 'copy', input: 0, sources: ['.'], destination: '/' })).files.map(({ path }) => path)).toEqual(['']);
    input.release();
  });

  test('that is a Dockerfile has no files', async () => {
    const input = await open({ context: { tar: Readable.from([Buffer.from('FROM scratch\n')]) } });
    expect(input.dockerfile).toEqual({ name: 'Dockerfile', text: 'FROM scratch\n' });
    await expect(input.context().select({ type: 'copy', input: 0, sources: ['a'], destination: '/' })).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    input.release();
  });

  test.each<[string, BuildOptions, object]>([
    ['no Dockerfile', tar({ name: 'dockerfil', content: '' }), { code: 'DOCKERFILE_MISSING', hint: 'did you mean "dockerfil"?' }],
    ['a Dockerfile twice', { context: { tar: Readable.from([Buffer.from('FROM a\n')]) }, dockerfile: 'x' }, { code: 'USAGE' }],
    ['neither archive nor text', { context: { tar: Readable.from([Buffer.alloc(2000, 7), Buffer.alloc(10)]) } }, { code: 'CONTEXT_INVALID' }],
    ['more than allowed', { ...tar(DOCKERFILE, { name: 'a', content: 'x'.repeat(5000) }), contextLimit: 4096 }, { code: 'CONTEXT_INVALID', message: 'the build context is larger than 4096 bytes' }],
    ['a bomb', { context: { tar: Readable.from([gzipSync(Buffer.alloc(64 << 20))]) }, contextLimit: 1 << 20 }, { code: 'CONTEXT_INVALID', message: 'the build context is larger than 1048576 bytes' }],
    ['a cut archive', { context: { tar: Readable.from([tarOf(DOCKERFILE, { name: 'a', content: 'x'.repeat(5000) }).subarray(0, 2000)]) } }, { code: 'CONTEXT_INVALID' }],
    ['a cut gzip', { context: { tar: Readable.from([gzipSync(tarOf(DOCKERFILE)).subarray(0, 60)]) } }, { code: 'CONTEXT_INVALID' }],
  ])('%s is refused, and nothing is left', async (_name, options, expected) => {
    expect(await refusal(options)).toMatchObject(expected);
    expect(unfinished()).toEqual([]);
  });
});

describe('a hostile archive', () => {
  const outside = (): string => join(scratch.folder, 'outside');
  const link = (name: string, target: string, type: TarHeader['type'] = 'symlink'): Entry => ({ name, type, target: Buffer.from(target) });

  beforeEach(() => {
    mkdirSync(outside());
    writeFileSync(join(outside(), 'secret'), 'sentinel');
  });

  test.each<[string, () => BuildOptions]>([
    ['a parent in a name', () => tar(DOCKERFILE, { name: '../outside/x', content: 'x' })],
    ['a parent within a name', () => tar(DOCKERFILE, { name: 'a/../../outside/x', content: 'x' })],
    ['a hard link out', () => tar(DOCKERFILE, link('x', '../outside/secret', 'link'))],
    ['a hard link to an absolute path', () => tar(DOCKERFILE, link('x', join(outside(), 'secret'), 'link'))],
    ['a hard link through a link', () => tar(DOCKERFILE, link('d', outside()), link('x', 'd/secret', 'link'))],
    ['a name with a zero byte', () => tar(DOCKERFILE, { name: 'a\0b'.repeat(60), content: '' })],
  ])('%s is refused', async (_name, options) => {
    expect(await refusal(options())).toMatchObject({ code: 'CONTEXT_INVALID' });
    expect(readdirSync(outside())).toEqual(['secret']);
  });

  test('a file through a link stays inside: the link gives way', async () => {
    const input = await open(tar(DOCKERFILE, link('d', outside()), { name: 'd/x', content: 'x' }));
    expect(readdirSync(outside())).toEqual(['secret']);
    expect((await input.context().select({ type: 'copy', input: 0, sources: ['d'], destination: '/' })).files.map(({ path }) => path)).toEqual(['d', 'd/x']);
    input.release();
  });

  test('an absolute name is one inside', async () => {
    const input = await open(tar(DOCKERFILE, { name: `${outside()}/x`, content: 'x' }));
    expect(readdirSync(outside())).toEqual(['secret']);
    input.release();
  });

  test.each(['Dockerfile', '.dockerignore'])('a %s that is a link reads nothing of this machine', async (name) => {
    const rest = name === 'Dockerfile' ? [] : [DOCKERFILE];
    const attempt = tar(...rest, link(name, join(outside(), 'secret')));
    if (name === 'Dockerfile') expect(await refusal(attempt)).toMatchObject({ code: 'DOCKERFILE_MISSING' });
    else (await open(attempt)).release();
  });

  test('a copy through a link reads nothing of this machine', async () => {
    const input = await open(tar(DOCKERFILE, link('d', outside())));
    await expect(input.context().select({ type: 'copy', input: 0, sources: ['d/secret'], destination: '/' })).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    input.release();
  });
});

async function* endless(): AsyncGenerator<Buffer> {
  for (;;) yield Buffer.alloc(1 << 16);
}

describe('files from memory', () => {
  test('are a build context', async () => {
    const input = await open({ context: { files: { Dockerfile: 'FROM scratch\n', 'src/a': Buffer.from('1') } } });
    expect(input.dockerfile.text).toBe('FROM scratch\n');
    const { files } = await input.context().select({ type: 'copy', input: 0, sources: ['src'], destination: '/' });
    expect(files.map(({ path, type }) => [path, type])).toEqual([['src', 'directory'], ['src/a', 'file']]);
    input.release();
  });

  test('have modes, links, empty directories, and content that is asked for when it is needed', async () => {
    const asked: string[] = [];
    const lazy = (name: string) => async () => Readable.from([(asked.push(name), name), Buffer.from('!')]);
    async function* pieces(): AsyncGenerator<string> {
      yield 'one';
      yield 'two';
    }
    const files = {
      Dockerfile: { content: () => 'FROM scratch\n' }, '.dockerignore': 'hidden*\n', 'run.sh': { content: '#!/bin/sh\n', mode: 0o755 },
      asked: { content: lazy('asked') }, hidden: { content: lazy('hidden') }, pieces: pieces(), link: { link: '/outside' }, empty: { directory: true as const, mode: 0o700 },
    };
    const input = await open({ context: { files } });
    const { files: taken } = await input.context().select({ type: 'copy', input: 0, sources: ['.'], destination: '/' });
    expect(taken.map(({ path, type }) => `${path} ${type}`)).toEqual([' directory', '.dockerignore file', 'Dockerfile file', 'asked file', 'empty directory', 'link symlink', 'pieces file', 'run.sh file']);
    const { directory } = input.context();
    expect([readFileSync(join(directory, 'pieces'), 'utf8'), readFileSync(join(directory, 'asked'), 'utf8')]).toEqual(['onetwo', 'asked!']);
    expect(['run.sh', 'empty'].map((name) => statSync(join(directory, name)).mode & 0o7777)).toEqual([0o755, 0o700]);
    expect(asked).toEqual(['asked']);
    input.release();
    expect(unfinished()).toEqual([]);
  });

  test.each<[string, BuildOptions['context']]>([
    ['what is below a link', { files: { Dockerfile: '', a: { link: '/tmp' }, 'a/b': '' } }],
    ['what is below a file', { files: { Dockerfile: '', a: '', 'a/b': '' } }],
    ['content without an end', { files: { Dockerfile: '', a: endless() } }],
  ])('%s is refused, and nothing is left', async (_what, context) => {
    expect(await refusal({ context, contextLimit: 1 << 20 } as BuildOptions)).toMatchObject({ code: 'CONTEXT_INVALID' });
    expect(unfinished()).toEqual([]);
  });

  test('content that fails is what is reported', async () => {
    expect(await refusal({ context: { files: { Dockerfile: { content: () => Promise.reject(new Error('the database is away')) } } } })).toMatchObject({ message: 'the database is away' });
    expect(unfinished()).toEqual([]);
  });

  test('a function that gives no content is refused', async () => {
    expect(await refusal({ context: { files: { Dockerfile: { content: (() => 5) as unknown as () => string } } } })).toMatchObject({ code: 'CONTEXT_INVALID', message: expect.stringContaining('"Dockerfile"') });
    expect(unfinished()).toEqual([]);
  });

  test.each(['', '/a', '../a', 'a/../b', 'a//b', './a', 'a\0'])('%j is no path of one', async (path) => {
    expect(await refusal({ context: { files: { [path]: '' } } })).toMatchObject({ code: 'CONTEXT_INVALID' });
  });
});

test('a directory of this machine may have a Dockerfile behind a link', async () => {
  writeFileSync(join(scratch.folder, 'elsewhere'), 'FROM scratch\n');
  symlinkSync(join(scratch.folder, 'elsewhere'), join(scratch.context, 'Dockerfile'));
  expect((await open({ context: scratch.context })).dockerfile.text).toBe(readFileSync(join(scratch.folder, 'elsewhere'), 'utf8'));
});
