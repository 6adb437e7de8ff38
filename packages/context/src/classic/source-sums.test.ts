import { createHash } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createContext, type LocalContext } from '../build-context';

/** The tree of which Docker Engine 20.10 and 28.5 gave the sums below, sent by the docker command 28.2. */
function makeTree(): string {
  const root = mkdtempSync(join(tmpdir(), 'strake-sums-'));
  mkdirSync(join(root, 'sub/deep'), { recursive: true });
  writeFileSync(join(root, 'a.txt'), 'hi\n');
  writeFileSync(join(root, 'sub/b.txt'), 'ho\n');
  writeFileSync(join(root, 'sub/deep/ü.txt'), 'x');
  symlinkSync('b.txt', join(root, 'sub/link'));
  linkSync(join(root, 'a.txt'), join(root, 'sub/hard.txt'));
  for (const [path, mode] of [['a.txt', 0o644], ['sub', 0o755], ['sub/b.txt', 0o600], ['sub/deep', 0o750], ['sub/deep/ü.txt', 0o644]] as const) chmodSync(join(root, path), mode);
  return root;
}

describe('the sums of a context', () => {
  let root: string;
  let context: LocalContext;
  beforeEach(() => {
    root = makeTree();
    context = createContext(root, { name: '.' });
  });
  afterEach(() => rmSync(root, { recursive: true }));

  test.each([
    ['a file', ['a.txt'], ['file:2cc6f75217b6d0ad0246a0f00e7bb3296d332db51dc16a22ce490430905d8d80']],
    ['a directory with a hard link and a link', ['sub'], ['dir:0f02fde8dcfef9d5f7d11bf2a820eb1fc5d60231ee59aef9049c7b127845d9a2']],
    ['a link is what it leads to', ['sub/link'], ['file:13e0f65ed9307e98cd51fe1f704e5be3be4860908b17e63ed4e5c70cac742930']],
  ])('%s', (_name, sources, expected) => {
    expect(context.sums({ sources })).toEqual(expected);
  });

  test('several in their order, as the engine joins them', () => {
    const sums = context.sums({ sources: ['a.txt', 'sub/*.txt'] });
    expect(createHash('sha256').update(sums.join(',')).digest('hex')).toBe('f03d65586409b60271fa3a8b07bc25d634b7690ef738e74fafd26ac310908299');
  });

  test('in the form of an older client', () => {
    expect(context.sums({ sources: ['a.txt'] }, { typed: true })).toEqual(['file:d8a006482ae06032497452691a2ec7af5b73116f8b5d645cc2feaea6963960b5']);
  });

  const sum = (): readonly string[] => createContext(root, { name: '.' }).sums({ sources: ['sub'] });

  test('a touch does not count; a mode, a name and a content do', () => {
    const before = sum();
    utimesSync(join(root, 'sub/b.txt'), 1, 1);
    expect(sum()).toEqual(before);
    chmodSync(join(root, 'sub/b.txt'), 0o640);
    const other = sum();
    expect(other).not.toEqual(before);
    writeFileSync(join(root, 'sub/b.txt'), 'hu\n');
    expect(sum()).not.toEqual(other);
  });

  test('a link that leads nowhere is known by its path', () => {
    symlinkSync('nowhere', join(root, 'sub/broken'));
    const broken = sum();
    rmSync(join(root, 'sub/broken'));
    symlinkSync('elsewhere', join(root, 'sub/broken'));
    expect(sum()).toEqual(broken);
  });
});
