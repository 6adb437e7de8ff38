import { makeNode, setTimes, setXattr, S_IFCHR } from '@strake/syscalls';
import { chmodSync, chownSync, linkSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packLayer } from '..';
import { showTar } from '../test-support/show-tar';

const SECOND = 1_000_000_000n;
const WHEN = 1_700_000_000n * SECOND;

let tree: string;
beforeEach(() => (tree = mkdtempSync(join(tmpdir(), 'strake-fixture-'))));
afterEach(() => rmSync(tree, { recursive: true, force: true }));

function file(name: string, content = '', mode = 0o644, mtime = WHEN): void {
  const path = join(tree, name);
  writeFileSync(path, content);
  chmodSync(path, mode);
  setTimes(path, mtime);
}

function folder(name: string): void {
  mkdirSync(join(tree, name));
  chmodSync(join(tree, name), 0o755);
}

const times = (...names: readonly string[]): void => names.forEach((name) => setTimes(join(tree, name), WHEN));

const trees: Readonly<Record<string, () => void>> = {
  empty: () => undefined,
  files: () => {
    folder('a');
    file('a/x', 'hello\n', 0o4755);
    file('a.b', '');
    file('B', 'x'.repeat(512));
    times('a');
  },
  whiteouts: () => {
    folder('d');
    setXattr(join(tree, 'd'), 'trusted.overlay.opaque', Buffer.from('y'));
    file('d/f');
    makeNode(join(tree, 'gone'), S_IFCHR, 0, 0);
    setXattr(tree, 'trusted.overlay.opaque', Buffer.from('y'));
    times('d');
  },
  links: () => {
    file('a', 'once');
    linkSync(join(tree, 'a'), join(tree, 'b'));
    symlinkSync('a', join(tree, 'c'));
    times('c');
  },
  extended: () => {
    file('n'.repeat(101), '', 0o600, WHEN + 120_000_000n);
    file('ü', '', 0o644, -1n);
    chownSync(join(tree, 'ü'), 2_097_152, 2_097_151);
    setXattr(join(tree, 'ü'), 'user.key', Buffer.from([0, 10, 255]));
    setTimes(join(tree, 'ü'), -1n);
    makeNode(join(tree, 'zero'), S_IFCHR | 0o666, 1, 5);
    chmodSync(join(tree, 'zero'), 0o666);
    times('zero');
  },
};

(process.getuid?.() === 0 ? describe : describe.skip)('layer format 1', () => {
  test.each(Object.entries(trees))('a tree of %s packs to exactly these bytes', (name, make) => {
    make();
    const chunks: Buffer[] = [];
    packLayer(tree, (chunk) => chunks.push(Buffer.from(chunk)));
    expect(showTar(Buffer.concat(chunks))).toBe(readFileSync(join(__dirname, 'fixtures', `${name}.txt`), 'utf8'));
  });
});
