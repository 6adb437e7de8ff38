import { randomTree } from '@strake/testing';
import { execFileSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LayerUnpacker, packLayer, type PackedLayer } from '..';

const privileged = process.getuid?.() === 0;
let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-round-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function grow(seed: number, entries?: number): string {
  const tree = join(folder, `tree-${seed}`);
  mkdirSync(tree);
  randomTree(tree, { seed, privileged, ...(entries === undefined ? {} : { entries }) });
  return tree;
}

function pack(tree: string, tar: string): PackedLayer {
  const fd = openSync(tar, 'w');
  const packed = packLayer(tree, (chunk) => writeSync(fd, chunk));
  closeSync(fd);
  return packed;
}

(privileged ? describe : describe.skip)('random trees', () => {
  test.each(Array.from({ length: 24 }, (_, seed) => seed))('seed %i: packed, unpacked and packed again is the same', (seed) => {
    const tree = grow(seed);
    const into = mkdtempSync(join(folder, 'into-'));
    const unpacker = new LayerUnpacker(into);
    const packed = packLayer(tree, (chunk) => {
      // In pieces that fall across blocks.
      const piece = 1000 + seed * 37;
      for (let at = 0; at < chunk.length; at += piece) unpacker.write(chunk.subarray(at, at + piece));
    });
    expect(packed).toMatchObject(unpacker.end());
    expect(packLayer(into, () => undefined)).toEqual(packed);
  });

  test('GNU tar and Python read what was packed', () => {
    const tree = grow(1000, 300);
    const tar = join(folder, 'layer.tar');
    pack(tree, tar);
    const script = join(folder, 'names.py');
    writeFileSync(script, `import sys,tarfile\nwith tarfile.open(sys.argv[1], errors='surrogateescape') as t: print(len(t.getmembers()), sum(m.size for m in t if m.isreg()))`);
    const listed = execFileSync('tar', ['-tf', tar, '--quoting-style=escape']).toString().trimEnd().split('\n');
    // A whiteout is one entry; an opaque mark is one more than its folder.
    const found = execFileSync('find', [tree, '-mindepth', '1', '-printf', 'x']).length;
    const opaque = listed.filter((name) => name.endsWith('.wh..wh..opq')).length;
    expect(listed.length - opaque).toBe(found);
    expect(execFileSync('python3', [script, tar]).toString()).toMatch(new RegExp(`^${listed.length} [1-9]`));
  });

  test('what GNU tar unpacks of it packs to the same, but for whiteouts', () => {
    const tree = join(folder, 'tree');
    mkdirSync(tree);
    randomTree(tree, { seed: 7 });
    const tar = join(folder, 'layer.tar');
    const packed = pack(tree, tar);
    const into = mkdtempSync(join(folder, 'into-'));
    execFileSync('tar', ['-xpf', tar, '-C', into, '--numeric-owner', '--xattrs', '--xattrs-include=user.*'], { stdio: ['ignore', 'pipe', 'pipe'] });
    expect(packLayer(into, () => undefined)).toEqual(packed);
  });
});
