import { getXattr } from '@strake/syscalls';
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHeader, LayerUnpacker, type TarHeader } from '..';
import { paxRecord } from '../tar/pax';

type Entry = Partial<Omit<TarHeader, 'path' | 'target'>> & { readonly path: string; readonly target?: string; readonly content?: string };

let folder: string;
let outside: string;
let into: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-hostile-'));
  outside = join(folder, 'outside');
  into = join(folder, 'into');
  mkdirSync(join(outside, 'b'), { recursive: true });
  writeFileSync(join(outside, 'f'), 'mine');
  mkdirSync(into);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function entry({ path, target, content = '', ...rest }: Entry): Buffer {
  const header: TarHeader = {
    type: 'file', mode: 0o644, uid: 0, gid: 0, size: content.length, mtime: 0n, path: Buffer.from(path), ...rest,
    ...(target === undefined ? {} : { target: Buffer.from(target) }),
  };
  return Buffer.concat([encodeHeader(header), padded(Buffer.from(content))]);
}

function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
}

const directory = (path: string, mode = 0o755): Entry => ({ path, type: 'directory', mode, uid: 7, gid: 7, mtime: 5_000_000_000n });
const symlink = (path: string, target: string): Entry => ({ path, type: 'symlink', target });
const link = (path: string, target: string): Entry => ({ path, type: 'link', target });
const file = (path: string, content = ''): Entry => ({ path, content });

function unpack(...parts: readonly (Entry | Buffer)[]): void {
  const unpacker = new LayerUnpacker(into);
  try {
    unpacker.write(Buffer.concat([...parts.map((part) => (Buffer.isBuffer(part) ? part : entry(part))), Buffer.alloc(1024)]));
    unpacker.end();
  } finally {
    unpacker.abort();
  }
}

/** A header block with one field written over and its sum made right. */
function forged(at: number, bytes: Buffer, base: Entry = file('f')): Buffer {
  const block = entry(base);
  bytes.copy(block, at);
  block.write('        ', 148, 'latin1');
  const sum = block.subarray(0, 512).reduce((all, byte) => all + byte, 0);
  block.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
  return block;
}

function extension(flag: string, body: Buffer): Buffer {
  const block = forged(156, Buffer.from(flag), { path: 'extension', size: body.length });
  return Buffer.concat([block.subarray(0, 512), padded(body)]);
}

const pax = (...records: readonly (readonly [string, string])[]): Buffer => Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
const negative = (length: number): Buffer => Buffer.alloc(length, 0xff);
const listing = (): readonly string[] => execFileSync('find', ['.', '-mindepth', '1', '-printf', '%y %P\n'], { cwd: into }).toString().split('\n').filter(Boolean).sort();
const isOpaque = (path: string): boolean => getXattr(join(into, path), 'trusted.overlay.opaque')?.toString() === 'y';

const root = process.getuid?.() === 0;

(root ? describe : describe.skip)('a hostile archive', () => {
  test.each<[string, () => readonly (Entry | Buffer)[]]>([
    ['a path that climbs', () => [file('a/../../x')]],
    ['a path of two dots', () => [file('..')]],
    ['a hard link that climbs', () => [link('l', '../outside/f')]],
    ['a hard link through a symbolic link', () => [symlink('l', outside), link('x', 'l/f')]],
    ['a hard link to nothing', () => [link('x', 'y')]],
    ['a hard link to itself', () => [file('x', 'x'), link('x', 'x')]],
    ['a hard link to a directory', () => [directory('d'), link('x', 'd')]],
    ['a hard link to a whiteout', () => [file('.wh.a'), link('x', 'a')]],
    ['a hard link to the root', () => [link('x', '.')]],
    ['a device that would hide a file', () => [{ path: 'f', type: 'character' }]],
    ['a whiteout of the folder itself', () => [file('a/.wh..')]],
    ['a whiteout of the parent', () => [file('a/.wh...')]],
    ['a whiteout of nothing', () => [file('a/.wh.')]],
    ['a whiteout that is a parent', () => [file('.wh.a/b')]],
    ['a root that is a file', () => [file('.')]],
    ['a negative size', () => [forged(124, negative(12))]],
    ['a negative owner', () => [forged(108, negative(8))]],
    ['a negative group', () => [forged(116, negative(8))]],
    ['a negative mode', () => [forged(100, negative(8))]],
    ['a negative device', () => [forged(329, negative(8), { path: 'f', type: 'character', major: 1, minor: 3 })]],
    ['a size beyond all disks', () => [forged(124, Buffer.from('8000000fffffffffffffffff', 'hex'))]],
    ['an owner that would mean "leave it"', () => [forged(108, Buffer.from('80000000ffffffff', 'hex'))]],
    ['an owner in PAX that would mean "leave it"', () => [extension('x', pax(['uid', '4294967295'])), file('f')]],
    ['a negative size in PAX', () => [extension('x', pax(['size', '-1'])), file('f')]],
    ['a number that is no number', () => [forged(124, Buffer.from('0000000008 '))]],
    ['a PAX record without end', () => [extension('x', Buffer.from('99 path=a\n')), file('f')]],
    ['a PAX record of length zero', () => [extension('x', Buffer.from('0 path=a\n')), file('f')]],
    ['a PAX header of 2 MiB', () => [extension('x', Buffer.alloc(2 << 20, 0x20)), file('f')]],
    ['a name of 2 MiB', () => [extension('L', Buffer.alloc(2 << 20, 0x61)), file('f')]],
    ['PAX headers without end', () => [...Array.from({ length: 40 }, (_, index) => extension('x', pax([`a${index}`, 'x'.repeat(60_000)]))), file('f')]],
    ['global PAX headers without end', () => [...Array.from({ length: 40 }, (_, index) => extension('g', pax([`a${index}`, 'x'.repeat(60_000)]))), file('f')]],
    ['a name longer than file systems allow', () => [file('x'.repeat(300))]],
    ['a sparse file', () => [extension('x', pax(['GNU.sparse.major', '1'])), file('f')]],
    ['an unknown type', () => [forged(156, Buffer.from('Z'))]],
    ['a wrong checksum', () => [Buffer.concat([Buffer.from('x'), entry(file('f')).subarray(1)])]],
    ['a zero byte in a name', () => [extension('x', pax(['path', 'a\0b'])), file('f')]],
  ])('%s is refused', (_, parts) => {
    expect(() => unpack(...parts())).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
    expect(readdirSync(outside).sort()).toEqual(['b', 'f']);
  });

  test('an absolute path stays inside', () => {
    unpack(file('/etc/passwd', 'x'), symlink('//l', '/etc'));
    expect(listing()).toEqual(['d etc', 'f etc/passwd', 'l l']);
  });

  test('a parent that is a symbolic link gives way', () => {
    unpack(symlink('l', outside), file('l/f', 'theirs'), symlink('m', outside), file('m/.wh.f'));
    expect(listing()).toEqual(['c m/f', 'd l', 'd m', 'f l/f']);
    expect(statSync(join(outside, 'f')).size).toBe(4);
  });

  test.each<[string, readonly Entry[]]>([
    ['replaced by a link', [directory('a'), directory('a/b', 0o777), symlink('a', 'OUTSIDE')]],
    ['replaced by a link to its name', [directory('b', 0o777), symlink('b', 'OUTSIDE/b')]],
    ['whited out, then a link', [directory('a'), directory('a/b', 0o777), file('.wh.a'), symlink('a', 'OUTSIDE')]],
    ['replaced by a file, then a link', [directory('a'), directory('a/b', 0o777), file('a'), symlink('a', 'OUTSIDE')]],
    ['deep below', [directory('x/a/b', 0o777), symlink('x/a', 'OUTSIDE')]],
  ])('the attributes of a directory that was %s go nowhere else', (_, entries) => {
    chmodSync(join(outside, 'b'), 0o700);
    const before = statSync(join(outside, 'b'));
    unpack(...entries.map((one) => (one.target === undefined ? one : { ...one, target: one.target.replace('OUTSIDE', outside) })));
    const { mode, uid, gid, mtimeMs } = statSync(join(outside, 'b'));
    expect({ mode, uid, gid, mtimeMs }).toEqual({ mode: before.mode, uid: before.uid, gid: before.gid, mtimeMs: before.mtimeMs });
  });

  test('the last of two entries of a name counts', () => {
    unpack(file('f', 'first'), file('f', 'second!'), directory('d'), file('d/x'), file('d', 'file'), file('e'), directory('e'), symlink('s', 'a'), symlink('s', 'b'));
    expect(listing()).toEqual(['d e', 'f d', 'f f', 'l s']);
    expect(lstatSync(join(into, 'f')).size).toBe(7);
    expect(readlinkSync(join(into, 's'))).toBe('b');
  });

  test('a hard link to a symbolic link is that link', () => {
    unpack(symlink('s', outside), link('x', 's'));
    expect(readlinkSync(join(into, 'x'))).toBe(outside);
  });

  test.each<[string, readonly Entry[]]>([
    ['first', [file('d/.wh..wh..opq'), directory('d'), file('d/f')]],
    ['last', [directory('d'), file('d/f'), file('d/.wh..wh..opq')]],
  ])('an opaque mark that comes %s hides what is below, not what is beside it', (_, entries) => {
    unpack(...entries);
    expect(listing()).toEqual(['d d', 'f d/f']);
    expect(isOpaque('d')).toBe(true);
  });

  test.each<[string, readonly Entry[], readonly string[], boolean]>([
    ['before a directory', [file('.wh.a'), directory('a'), file('a/f')], ['d a', 'f a/f'], true],
    ['before a file below', [file('.wh.a'), file('a/f')], ['d a', 'f a/f'], true],
    ['after a directory', [directory('a'), file('a/f'), file('.wh.a')], ['d a', 'f a/f'], true],
    ['before a file', [file('.wh.a'), file('a')], ['f a'], false],
    ['after a file', [file('a'), file('.wh.a')], ['f a'], false],
  ])('a whiteout %s of its name applies to lower layers alone', (_, entries, expected, opaque) => {
    unpack(...entries);
    expect(listing()).toEqual(expected);
    expect(isOpaque('a')).toBe(opaque);
  });

  test('what AUFS left behind is passed over', () => {
    unpack(directory('.wh..wh.plnk'), file('.wh..wh.plnk/1.2', 'x'), file('.wh..wh.aufs'), file('f'));
    expect(listing()).toEqual(['f f']);
  });

  test.each([100, 512, 700])('an archive that ends after %i bytes is refused', (length) => {
    const unpacker = new LayerUnpacker(into);
    unpacker.write(entry(file('f', 'x'.repeat(600))).subarray(0, length));
    expect(() => unpacker.end()).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
    unpacker.abort();
    expect(existsSync(join(into, 'f'))).toBe(length >= 512);
  });
});
