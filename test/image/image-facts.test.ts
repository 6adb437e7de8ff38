import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareFacts } from './compare-facts';
import { readFacts } from './image-facts';

/** The check itself is checked: a docker-archive made by GNU tar, and the same with one thing wrong. */
let folder = '';
beforeAll(() => (folder = mkdtempSync(join(tmpdir(), 'facts-'))));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let count = 0;

/** Makes an image whose layers are what the scripts leave in an empty folder. */
function makeImage(scripts: readonly string[], config: object = {}): string {
  const own = join(folder, String(count++));
  const layers = scripts.map((script, index) => {
    const layer = join(own, `layer${index}`);
    mkdirSync(layer, { recursive: true });
    execFileSync('bash', ['-euc', `umask 022; ${script}; find . -exec touch -h -d @1000000000 {} +`], { cwd: layer });
    execFileSync('tar', ['--sort=name', '--numeric-owner', '--owner=0', '--group=0', '--format=posix', '-C', layer, '-cf', `${layer}.tar`, '.']);
    return `layer${index}.tar`;
  });
  const diffIds = layers.map((layer) => `sha256:${createHash('sha256').update(execFileSync('cat', [join(own, layer)], { maxBuffer: 1e8 })).digest('hex')}`);
  writeFileSync(join(own, 'config.json'), JSON.stringify({ os: 'linux', config: { Env: ['A=1'], ...config }, history: [{ created_by: 'RUN x # buildkit' }], rootfs: { type: 'layers', diff_ids: diffIds } }));
  writeFileSync(join(own, 'manifest.json'), JSON.stringify([{ Config: 'config.json', Layers: layers }]));
  execFileSync('tar', ['-C', own, '-cf', `${own}.tar`, 'manifest.json', 'config.json', ...layers]);
  return `${own}.tar`;
}

const base = 'mkdir d; echo one > d/one; echo two > two; ln two three; ln -s two link; mkfifo pipe';

/** The places in which an image differs from the one of `base`. */
function differing(...changed: Parameters<typeof makeImage>): readonly string[] {
  return compareFacts(readFacts(makeImage([base])), readFacts(makeImage(...changed))).map(({ where }) => where);
}

it('finds no difference between equal images', () => {
  expect(differing([base])).toEqual([]);
});

it.each([
  ['content of the same size', `${base}; echo eno > d/one`, ['tree:d/one.sha256']],
  ['a mode', `${base}; chmod 600 d/one`, ['tree:d/one.mode']],
  ['setuid', `${base}; chmod 4644 d/one`, ['tree:d/one.mode']],
  ['a target of a link', `${base}; ln -sfn one link`, ['tree:link.link']],
  ['a file that is missing', `${base}; rm d/one`, ['layers[0]', 'tree:d/one']],
  ['a hard link that is a copy', `${base}; rm three; cp two three`, ['tree:three.names', 'tree:two.names']],
  ['another type', `${base}; rm pipe; mkdir pipe`, ['layers[0]', 'tree:pipe.mode', 'tree:pipe.type']],
] as const)('finds %s', (_what, script, places) => {
  expect(differing([script])).toEqual(places);
});

it('finds a time that was set, and lets those of the build be', () => {
  const image = (time: string): ReturnType<typeof readFacts> => readFacts(makeImage([`echo > f; find() { touch -d ${time} f; }`]));
  expect(compareFacts(image('@900000000'), image('@900000001')).map(({ where }) => where)).toEqual(['tree:f.mtime']);
  expect(compareFacts(image('@1700000000'), image('@1800000000'))).toEqual([]);
});

it('finds a config field, an absent one included, and another number of layers', () => {
  expect(differing([base], { Env: ['A=2'], User: 'app' })).toEqual(['config.Env', 'config.User']);
  expect(differing([base, 'echo more > more'])).toEqual(['layers.length', 'layers[1]', 'tree:more']);
});

it('applies whiteouts to what is below only', () => {
  const tree = readFacts(makeImage([base, 'touch .wh.two; mkdir d; touch d/.wh..wh..opq; echo new > d/new', 'echo again > two'])).tree;
  expect(Object.keys(tree)).toEqual(['d', 'd/new', 'link', 'pipe', 'three', 'two']);
});

it('refuses a layer that is not what the config names', () => {
  const image = makeImage([base]);
  execFileSync('bash', ['-euc', 'mkdir x; tar -xf "$1" -C x; printf y | dd of=x/layer0.tar bs=1 seek=5000 conv=notrunc status=none; tar -C x -cf "$1" .; rm -r x', '-', image], { cwd: folder });
  expect(() => readFacts(image)).toThrow(/DiffID|checksum/);
});
