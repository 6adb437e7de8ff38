import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { CopyOp } from '@strake/api';
import fc from 'fast-check';
import { encodePath, Ignore, selectFiles } from '.';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'strake-context-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, content = path): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

type Filter = Pick<CopyOp, 'exclude' | 'parents'>;
const select = (sources: readonly string[], filter: Filter, ignore?: string) =>
  selectFiles(root, { type: 'copy', input: 0, sources, destination: '/x/', ...filter }, { keepOwner: false, keepXattrs: false, ...(ignore !== undefined && { ignore: new Ignore(ignore, '.dockerignore') }) });
/** Where everything goes, directories with a slash, those that are only there for what is in them in brackets. */
const places = (sources: readonly string[], filter: Filter, ignore?: string): string[] =>
  select(sources, filter, ignore).taken.map(({ path, type, implied }) => (implied ? `(${path}/)` : type === 'directory' ? `${path}/` : path));

const FILES = ['README.md', 'Makefile', 'docs/a.md', 'docs/img/p.png', 'src/main.c', 'src/lib/x.c', 'src/lib/x.md', 'src/lib/deep/y.c'];

describe('--parents', () => {
  beforeEach(() => {
    FILES.forEach((path) => write(path));
    mkdirSync(join(root, 'empty'));
    symlinkSync('src/lib', join(root, 'link'));
  });

  test.each<[string, string[], string[]]>([
    ['keeps the directories above', ['src/lib/x.c', './README.md'], ['/', '(src/)', '(src/lib/)', 'src/lib/x.c', '/', 'README.md']],
    ['begins at the pivot', ['src/./lib/x.c'], ['/', '(lib/)', 'lib/x.c']],
    ['begins at the first of two pivots', ['src/./lib/./x.c'], ['/', '(lib/)', 'lib/x.c']],
    ['begins at a pivot that is a link', ['link/./x.c'], ['/', 'x.c']],
    ['takes a directory whole', ['src/lib'], ['/', '(src/)', 'src/lib/', 'src/lib/deep/', 'src/lib/deep/y.c', 'src/lib/x.c', 'src/lib/x.md']],
    ['takes an empty directory', ['empty/'], ['/', 'empty/']],
    ['takes ** for any directories', ['**/*.md'], ['/', 'README.md', '(docs/)', 'docs/a.md', '(src/)', '(src/lib/)', 'src/lib/x.md']],
    ['takes * for one name', ['src/*/*.c'], ['/', '(src/)', '(src/lib/)', 'src/lib/x.c']],
    ['takes a wildcard before the pivot', ['s*/./lib/*.md', 'M*/./x'], ['/', '(lib/)', 'lib/x.md']],
    ['does not climb above the root', ['../../src/./../../lib/../main.c'], ['/', 'main.c']],
    ['takes a link as a link', ['link'], ['/', 'link']],
    ['takes nothing through a link by a pattern', ['link/*.c'], ['/']],
    ['takes nothing where nothing matches', ['none*/**'], ['/']],
    ['takes everything below an empty pattern', ['docs/./'], ['/', 'a.md', 'img/', 'img/p.png']],
  ])('%s', (_, sources, expected) => expect(places(sources, { parents: true })).toEqual(expected));

  test.each([
    ['none/x.c', '"none/x.c": not found', undefined],
    ['src/./nome', '"src/./nome": not found', undefined],
    ['srk/./lib', '"srk/./lib": not found', 'did you mean "src"?'],
    ['README.md/./x', '"README.md/./x": not found', undefined],
    ['link/x.c', '"link/x.c": not found: "link" is a link, which --parents does not follow', expect.stringContaining('link/./')],
  ])('%s is missing', (source, message, hint) => {
    const expected = { code: 'SOURCE_MISSING', message, ...(hint !== undefined && { hint }) };
    expect(() => places([source], { parents: true })).toThrow(expect.objectContaining(expected));
  });

  test('what the ignore file hides is told, and a bad pattern too', () => {
    expect(() => places(['src/lib/x.c'], { parents: true }, '**/*.c')).toThrow(expect.objectContaining({ message: '"src/lib/x.c": not found: excluded by .dockerignore:1 (**/*.c)' }));
    expect(places(['src/**'], { parents: true }, '**/*.c\n**/deep')).toEqual(['/', '(src/)', 'src/lib/', 'src/lib/x.md']);
    expect(() => places(['src/[a-'], { parents: true })).toThrow(expect.objectContaining({ code: 'INVALID_FLAG' }));
  });
});

describe('--exclude', () => {
  beforeEach(() => FILES.forEach((path) => write(path)));

  test.each<[string, string[], string[], string[]]>([
    ['in the directory itself', ['docs'], ['*.md'], ['/', 'img/', 'img/p.png']],
    ['below it only by **', ['.'], ['*.c', '**/*.md', 'docs'], ['/', 'Makefile', 'src/', 'src/lib/', 'src/lib/deep/', 'src/lib/deep/y.c', 'src/lib/x.c', 'src/main.c']],
    ['a directory with all in it', ['src'], ['lib'], ['/', 'main.c']],
    ['but for what is taken back', ['src'], ['lib', '!lib/deep'], ['/', '(lib/)', 'lib/deep/', 'lib/deep/y.c', 'main.c']],
    ['not a file that is named', ['README.md'], ['*', '**'], ['README.md']],
    ['not a file that a pattern names, only what is in directories', ['d*', '*.md'], ['*.md'], ['/', 'img/', 'img/p.png', 'README.md']],
    ['everything', ['src'], ['**'], ['/']],
    ['relative to each source, without a slash in front', ['src'], ['/lib', 'src'], ['/', 'lib/', 'lib/deep/', 'lib/deep/y.c', 'lib/x.c', 'lib/x.md', 'main.c']],
  ])('leaves out %s', (_, sources, exclude, expected) => expect(places(sources, { exclude })).toEqual(expected));

  test('goes before what --parents takes', () => {
    expect(places(['src/lib', 'docs/**'], { parents: true, exclude: ['**/*.md', 'src/lib/deep'] })).toEqual(['/', '(src/)', 'src/lib/', 'src/lib/x.c', '/', '(docs/)', 'docs/img/', 'docs/img/p.png']);
  });

  test('what is left out is not in the key', () => {
    const digest = (): string => select(['.'], { exclude: ['**/*.md', 'docs'] }).selection.digest;
    const before = digest();
    write('src/lib/x.md', 'other');
    write('docs/new');
    expect(digest()).toBe(before);
    write('src/main.c', 'other');
    expect(digest()).not.toBe(before);
  });

  test('a bad pattern is refused', () => {
    expect(() => places(['src'], { exclude: ['[a-'] })).toThrow(expect.objectContaining({ code: 'INVALID_FLAG', message: 'syntax error in pattern "[a-"' }));
  });
});

test('a malformed source is refused, not taken for one without a match', () => {
  for (const source of ['[a-', '[]', 'a/[']) {
    expect(() => places([source], {})).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENTS', message: `syntax error in pattern "${source}"` }));
  }
});

test('names with line breaks and names that are no text are matched as they are', () => {
  write('d/new\nline');
  write('d/tab\tend');
  writeFileSync(Buffer.concat([Buffer.from(join(root, 'd/b')), Buffer.from([0xff])]), '');
  const names = (filter: Filter, sources = ['d']): string[] => select(sources, filter).taken.map(({ path }) => Buffer.from(encodePath(path)).toString('latin1'));
  expect(names({ exclude: ['new*'] })).toEqual(['', 'b\xff', 'tab\tend']);
  expect(names({ exclude: ['?'] })).toHaveLength(4);
  expect(names({ parents: true }, ['d/b*'])).toEqual(['', 'd', 'd/b\xff']);
});

const part = fc.constantFrom('a', 'b', 'ab', '*', '**', 'a*', '?');
const pattern = fc.tuple(fc.boolean(), fc.array(part, { minLength: 1, maxLength: 3 })).map(([negated, parts]) => `${negated ? '!' : ''}${parts.join('/')}`);
const tree = fc.uniqueArray(fc.array(fc.constantFrom('a', 'b', 'ab', 'c'), { minLength: 1, maxLength: 4 }).map((names) => `${names.join('/')}/f`), { minLength: 1, maxLength: 8 });

test('patterns take what a plain look at each path takes, and the directories above', () => {
  fc.assert(
    fc.property(tree, fc.option(pattern.filter((text) => !text.startsWith('!') && /[*?]/.test(text))), fc.array(pattern, { maxLength: 3 }), (files, include, exclude) => {
      rmSync(root, { recursive: true, force: true });
      files.forEach((path) => write(path));
      const taken = places([include ?? '.'], { ...(include === null ? {} : { parents: true }), exclude }).slice(1);
      const wanted = include === null ? undefined : Ignore.ofPatterns([include], 'include');
      const unwanted = Ignore.ofPatterns(exclude, 'exclude');
      const all = new Set(files.flatMap((path) => path.split('/').map((_, index, names) => names.slice(0, index + 1).join('/'))));
      const direct = new Set([...all].filter((path) => wanted?.match(path).ignored !== false && !unwanted.match(path).ignored));
      const above = [...all].filter((path) => !direct.has(path) && [...direct].some((other) => other.startsWith(`${path}/`)));
      expect([...taken].sort()).toEqual([...[...direct].map((path) => (path.endsWith('/f') ? path : `${path}/`)), ...above.map((path) => `(${path}/)`)].sort());
      // Parents come before what is in them.
      taken.forEach((path, index) => {
        const parent = dirname(path.replace(/[()]/g, '').replace(/\/$/, ''));
        if (parent !== '.') expect(taken.slice(0, index).map((other) => other.replace(/[()]/g, ''))).toContain(`${parent}/`);
      });
    }),
    { numRuns: 300 },
  );
}, 60_000);
