import { spawnSync } from 'node:child_process';
import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import type { CopyOp } from '@strake/api';
import { setXattr } from '@strake/syscalls';
import { encodePath, Ignore, selectFiles } from '.';

let root: string;
beforeEach(() => (root = mkdtempSync(join(tmpdir(), 'strake-context-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const copy = (...sources: string[]): CopyOp => ({ type: 'copy', input: 0, sources, destination: '/x/' });
const select = (sources: string[], ignore?: string, directory = root) =>
  selectFiles(directory, copy(...sources), { keepOwner: false, keepXattrs: true, ...(ignore !== undefined && { ignore: new Ignore(ignore, '.dockerignore') }) });
const digest = (...sources: string[]) => select(sources).selection.digest;

function write(path: string, content = path, below = root): void {
  mkdirSync(dirname(join(below, path)), { recursive: true });
  writeFileSync(join(below, path), content);
}

describe('what is taken', () => {
  beforeEach(() => {
    for (const path of ['a.txt', 'b.txt', 'src/main.ts', 'src/lib/x.ts', 'src/lib/x.md', 'node_modules/m/index.js']) write(path);
    symlinkSync('src/lib', join(root, 'link'));
    symlinkSync('/a.txt', join(root, 'absolute'));
  });

  test.each<[string[], string[]]>([
    [['a.txt'], ['a.txt']],
    [['/a.txt', '../b.txt'], ['a.txt', 'b.txt']],
    [['*.txt'], ['a.txt', 'b.txt']],
    [['src'], ['src', 'src/lib', 'src/lib/x.md', 'src/lib/x.ts', 'src/main.ts']],
    [['s*/main.ts'], ['src/main.ts']],
    [['link'], ['src/lib', 'src/lib/x.md', 'src/lib/x.ts']],
    [['link/x.*'], ['src/lib/x.md', 'src/lib/x.ts']],
    [['absolute'], ['a.txt']],
    [['*.none'], []],
    [['l*/x.ts'], []],
  ])('%j takes %j', (sources, expected) => {
    expect(select(sources).selection.files.map(({ path }) => path)).toEqual(expected);
  });

  test('an ignored file is not taken, a negation shows it again', () => {
    const paths = (ignore: string) => select(['.'], ignore).selection.files.map(({ path }) => path);
    expect(paths('*\n!src/lib/x.md')).toEqual(['', 'src', 'src/lib', 'src/lib/x.md']);
    expect(paths('node_modules\n**/*.ts\nlink\nabsolute')).toEqual(['', 'a.txt', 'b.txt', 'src', 'src/lib', 'src/lib/x.md']);
  });

  test.each([
    ['a.tx', undefined, '"a.tx": not found', 'did you mean "a.txt"?'],
    ['srk/main.ts', undefined, '"srk/main.ts": not found', 'did you mean "src/main.ts"?'],
    ['main.ts', undefined, '"main.ts": not found', 'did you mean "src/main.ts"?'],
    ['src/lib', '# x\nsrc/l*', '"src/lib": not found: excluded by .dockerignore:2 (src/l*)', expect.stringContaining('!src/lib')],
  ])('%j is missing with a reason', (source, ignore, message, hint) => {
    expect(() => select([source], ignore)).toThrow(expect.objectContaining({ code: 'SOURCE_MISSING', message, hint }));
  });

  test('no link leads out, a loop is an error', () => {
    symlinkSync('../../../../../../etc/passwd', join(root, 'escape'));
    symlinkSync('loop', join(root, 'loop'));
    expect(() => select(['escape'])).toThrow(expect.objectContaining({ code: 'SOURCE_MISSING' }));
    write('etc/passwd', 'mine');
    expect(select(['escape']).selection.files).toMatchObject([{ path: 'etc/passwd', size: 4 }]);
    expect(() => select(['loop'])).toThrow(expect.objectContaining({ code: 'CONTEXT_INVALID' }));
  });

  test('names that are no UTF-8 are kept apart', () => {
    mkdirSync(join(root, 'odd'));
    for (const byte of [0xfe, 0xff]) writeFileSync(Buffer.concat([Buffer.from(join(root, 'odd/n')), Buffer.from([byte])]), '');
    const { taken } = select(['odd']);
    expect(taken.map(({ source }) => Buffer.from(encodePath(source)).subarray(4).toString('hex'))).toEqual(['6efe', '6eff'].reduce<string[]>((all, hex) => [...all, hex], ['']));
  });
});

describe('the digest', () => {
  const paths = Array.from({ length: 24 }, (_, index) => `t/${index % 3}/${index % 5}/f${index}`);
  const fill = (order: readonly string[], directory = root) => order.forEach((path) => write(path, path, directory));
  beforeEach(() => fill(paths));

  test('does not depend on the order of creation, on times or on where the tree lies', () => {
    const first = digest('t');
    for (const path of paths) utimesSync(join(root, path), 1, 1);
    expect(digest('t')).toBe(first);
    const other = mkdtempSync(join(tmpdir(), 'strake-context-'));
    fill(paths.toReversed(), other);
    expect(select(['t'], undefined, other).selection.digest).toBe(first);
    rmSync(other, { recursive: true });
    renameSync(join(root, 't'), join(root, 'u'));
    expect(digest('u')).toBe(first);
  });

  test.each<[string, (path: string) => void]>([
    ['content', (path) => writeFileSync(path, 'T/other')],
    ['mode', (path) => chmodSync(path, 0o755)],
    ['setuid', (path) => chmodSync(path, 0o4644)],
    ['name', (path) => renameSync(path, `${path}x`)],
    ['absence', (path) => rmSync(path)],
    ['type', (path) => (rmSync(path), symlinkSync('x', path))],
    ['directory mode', (path) => chmodSync(dirname(path), 0o700)],
  ])('changes with the %s of every file that is taken and of no other', (_, change) => {
    let last = digest('t/0', 't/1');
    for (const path of paths) {
      change(join(root, path));
      const next = digest('t/0', 't/1');
      if (path.startsWith('t/2')) expect(next).toBe(last);
      else if (_ !== 'directory mode') expect(next).not.toBe(last);
      last = next;
    }
  });

  test('tells the target of a link, the name of a file and the order of sources', () => {
    symlinkSync('one', join(root, 't/link'));
    const first = digest('t');
    rmSync(join(root, 't/link'));
    symlinkSync('two', join(root, 't/link'));
    expect(digest('t')).not.toBe(first);
    write('p', 'same');
    write('q', 'same');
    expect(digest('p')).not.toBe(digest('q'));
    expect(digest('p', 't')).not.toBe(digest('t', 'p'));
  });
});

const onLinuxAsRoot = process.getuid?.() === 0 && process.platform === 'linux';

(onLinuxAsRoot ? describe : describe.skip)('as root', () => {
  test('the owner counts where it is kept', () => {
    write('f');
    const owned = (keepOwner: boolean) => selectFiles(root, copy('f'), { keepOwner, keepXattrs: false }).selection.digest;
    const before = [owned(false), owned(true)];
    chownSync(join(root, 'f'), 7, 8);
    expect(owned(false)).toBe(before[0]);
    expect(owned(true)).not.toBe(before[1]);
  });

  test('extended attributes that are copied count, others do not', () => {
    write('f');
    const before = digest('f');
    setXattr(join(root, 'f'), 'trusted.strake', Buffer.from('x'));
    expect(digest('f')).toBe(before);
    setXattr(join(root, 'f'), 'user.strake', Buffer.from('x'));
    expect(digest('f')).not.toBe(before);
    expect(select(['f']).taken).toMatchObject([{ xattrs: true }]);
  });

  test('what may not be read is named', () => {
    write('secret', 'x');
    chmodSync(root, 0o755);
    chmodSync(join(root, 'secret'), 0o600);
    const script = `
      const { selectFiles } = require(${JSON.stringify(resolve(__dirname, '../dist'))});
      process.setuid('nobody');
      try { selectFiles(${JSON.stringify(root)}, { type: 'copy', input: 0, sources: ['.'], destination: '/' }, { keepOwner: false, keepXattrs: false }); } catch (error) { console.log(error.code, error.message); }`;
    const { stdout } = spawnSync(process.execPath, ['-e', script], { encoding: 'utf8' });
    expect(stdout.trim()).toBe('PERMISSION cannot read "secret": permission denied');
  });
});
