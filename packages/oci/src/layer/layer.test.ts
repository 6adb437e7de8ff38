import { makeNode, setTimes, setXattr, S_IFCHR, S_IFIFO } from '@strake/syscalls';
import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, linkSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LayerUnpacker, encodeHeader, packLayer, type TarHeader } from '..';

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

  test.each<[string, readonly Partial<TarHeader>[]]>([
    ['a path that climbs', [{ path: Buffer.from('a/../../x') }]],
    ['a hard link that climbs', [{ type: 'link', target: Buffer.from('../../etc/passwd') }]],
    ['a hard link through a symbolic link', [{ type: 'symlink', path: Buffer.from('l'), target: Buffer.from('/etc') }, { type: 'link', target: Buffer.from('l/passwd') }]],
    ['a device that would hide a file', [{ type: 'character' }]],
    ['a whiteout of the parent', [{ path: Buffer.from('a/.wh...') }]],
  ])('%s is refused', (_, headers) => {
    const tar = Buffer.concat([...headers.map((header) => encodeHeader({ ...base, ...header })), Buffer.alloc(1024)]);
    expect(() => unpack(tar, tar.length)).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
  });

  test('a parent that is a symbolic link gives way', () => {
    const outside = join(folder, 'outside');
    mkdirSync(outside);
    const link = encodeHeader({ ...base, type: 'symlink', path: Buffer.from('l'), target: Buffer.from(outside) });
    const into = unpack(Buffer.concat([link, encodeHeader({ ...base, path: Buffer.from('l/f') }), Buffer.alloc(1024)]), 4096);
    expect(existsSync(join(outside, 'f'))).toBe(false);
    expect(lstatSync(join(into, 'l')).isDirectory()).toBe(true);
  });

  test('a truncated archive is refused', () => {
    expect(() => unpack(encodeHeader({ ...base, size: 10 }), 512)).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
  });
});
