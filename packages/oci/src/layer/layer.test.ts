import type { Digest } from '@strake/api';
import { makeNode, setTimes, setXattr, S_IFCHR, S_IFIFO } from '@strake/syscalls';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, closeSync, linkSync, mkdirSync, mkdtempSync, openSync, readdirSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { LayerUnpacker, encodeHeader, packLayer, unpackLayer, type TarHeader } from '..';
import { layerError } from './layer-errors';

const root = process.getuid?.() === 0;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-layer-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const base: TarHeader = { path: Buffer.from('f'), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0n };

function pack(directory: string): { tar: Buffer; diffId: `sha256:${string}` } {
  const chunks: Buffer[] = [];
  const { diffId } = packLayer(directory, (chunk) => chunks.push(Buffer.from(chunk)));
  return { tar: Buffer.concat(chunks), diffId };
}

function unpack(tar: Buffer, piece: number): string {
  const into = mkdtempSync(join(folder, 'into-'));
  const unpacker = new LayerUnpacker(into);
  for (let at = 0; at < tar.length; at += piece) unpacker.write(tar.subarray(at, at + piece));
  unpacker.end();
  return into;
}

(root ? describe : describe.skip)('pack and unpack', () => {
  test('what was packed, unpacked and packed again is the same', () => {
    const tree = join(folder, 'tree');
    mkdirSync(join(tree, 'd', 'x'.repeat(120)), { recursive: true });
    writeFileSync(join(tree, 'd', 'f'), 'content');
    chownSync(join(tree, 'd', 'f'), 3_000_000, 7);
    chmodSync(join(tree, 'd', 'f'), 0o4755);
    setXattr(join(tree, 'd', 'f'), 'user.a', Buffer.from([0, 10, 255]));
    setTimes(join(tree, 'd', 'f'), -1_500_000_000n);
    linkSync(join(tree, 'd', 'f'), join(tree, 'z'));
    symlinkSync('ü'.repeat(60), join(tree, 's'));
    makeNode(join(tree, 'gone'), S_IFCHR, 0, 0);
    makeNode(join(tree, 'null'), S_IFCHR | 0o666, 1, 3);
    makeNode(join(tree, 'fifo'), S_IFIFO | 0o600);
    setXattr(join(tree, 'd'), 'trusted.overlay.opaque', Buffer.from('y'));
    const first = pack(tree);
    for (const piece of [100, 512, 1 << 20]) expect(pack(unpack(first.tar, piece)).diffId).toBe(first.diffId);
    const listing = execFileSync('tar', ['tf', '-'], { input: first.tar }).toString();
    expect(listing.split('\n').slice(0, 3)).toEqual(['d/', 'd/.wh..wh..opq', 'd/f']);
    expect(listing).toContain('.wh.gone');
  });

  test('names that are no UTF-8 keep their bytes', () => {
    const tree = join(folder, 'tree');
    const latin1 = (name: string): Buffer => Buffer.from(join(tree, name), 'latin1');
    mkdirSync(latin1('d\xe9'), { recursive: true });
    writeFileSync(latin1('d\xe9/f\xff'), 'x');
    setXattr(latin1('d\xe9/f\xff'), 'user.a', Buffer.from('1'));
    linkSync(latin1('d\xe9/f\xff'), latin1('l\xe9'));
    symlinkSync(Buffer.from('d\xe9', 'latin1'), latin1('s\xe9'));
    makeNode(latin1('gone\xe9'), S_IFCHR, 0, 0);
    const first = pack(tree);
    const again = unpack(first.tar, 1000);
    expect(readdirSync(again, 'buffer').map((name) => name.toString('latin1')).sort()).toEqual(['d\xe9', 'gone\xe9', 'l\xe9', 's\xe9']);
    expect(pack(again).diffId).toBe(first.diffId);
  });

  test('a file whose name would be a whiteout is refused, not lost', () => {
    writeFileSync(join(folder, '.wh.f'), '');
    expect(() => pack(folder)).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('.wh.f') }));
  });

  test('a full disk and a forbidden place are said', () => {
    writeFileSync(join(folder, 'f'), 'x');
    const full = openSync('/dev/full', 'w');
    expect(() => packLayer(folder, (chunk) => writeSync(full, chunk))).toThrow(expect.objectContaining({ code: 'DISK_FULL' }));
    closeSync(full);
    const unpacker = new LayerUnpacker('/sys');
    expect(() => unpacker.write(encodeHeader(base))).toThrow(expect.objectContaining({ code: 'PERMISSION' }));
  });

  test.each([
    ['ENOSPC', 'DISK_FULL'],
    ['EDQUOT', 'DISK_FULL'],
    ['EACCES', 'PERMISSION'],
    ['EPERM', 'PERMISSION'],
    ['EROFS', 'PERMISSION'],
    ['ENOTSUP', 'UNSUPPORTED'],
    ['ENAMETOOLONG', 'IMAGE_INVALID'],
    ['EIO', 'EIO'],
  ])('%s becomes %s', (code, expected) => {
    expect(layerError(Object.assign(new Error(code), { code }), 'packing')).toMatchObject({ code: expected });
  });

  test('a layer file is unpacked as it is stored', async () => {
    const file = join(folder, 'layer');
    const { tar, diffId } = pack(mkdtempSync(join(folder, 'empty-')));
    const into = mkdtempSync(join(folder, 'into-'));
    writeFileSync(file, gzipSync(tar));
    expect(await unpackLayer(file, into, { expected: diffId })).toEqual({ diffId, size: tar.length });
    const other: Digest = `sha256:${'0'.repeat(64)}`;
    await expect(unpackLayer(file, into, { expected: other })).rejects.toMatchObject({ code: 'DIGEST_MISMATCH' });
  });
});
