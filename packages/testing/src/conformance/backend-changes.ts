import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import type { MkfileOp } from '@strake/api';
import { validate } from '@strake/oci';
import { tarTree } from '../tree/image-tree';
import { textAt, type Tree } from '../tree/tree-entry';
import { copyOp } from './backend-questions';
import type { Law } from './law';

/** A file of a step. */
export const mkfileOp = (path: string, content = path, more: Partial<MkfileOp> = {}): MkfileOp => ({ type: 'mkfile', path, content, mode: 0o644, ...more });

const filesOf = (tree: Tree): Readonly<Record<string, string>> => Object.fromEntries([...tree].filter(([, { type }]) => type === 'file').map(([path, { content }]) => [path, content.toString()]));
const facts = (tree: Tree, path: string): readonly unknown[] => {
  const { type, mode, uid, gid } = tree.get(path) ?? {};
  return [type, mode, uid, gid];
};

/** What a backend makes of the ops that need no program. */
export const changes: readonly Law[] = [
  {
    name: 'mkfile and mkdir make what they say, and their parents',
    async holds(laboratory) {
      const ops = [{ type: 'mkdir', path: '/made/here', mode: 0o750, owner: '5:6' }, mkfileOp('/a/b', 'text\n', { mode: 0o600, owner: '7:8' })] as const;
      const tree = await laboratory.tree(await laboratory.apply(ops));
      strictEqual(textAt(tree, 'a/b'), 'text\n');
      deepStrictEqual(facts(tree, 'a/b'), ['file', 0o600, 7, 8]);
      deepStrictEqual(facts(tree, 'made/here'), ['directory', 0o750, 5, 6]);
    },
  },
  {
    name: 'mkdir keeps a directory that is there, mkfile writes over a file',
    async holds(laboratory) {
      const first = await laboratory.apply([{ type: 'mkdir', path: '/d', mode: 0o700 }, mkfileOp('/d/f', 'old')]);
      const tree = await laboratory.tree(await laboratory.apply([{ type: 'mkdir', path: '/d', mode: 0o755 }, mkfileOp('/d/f', 'new')], { parent: first }));
      deepStrictEqual([facts(tree, 'd')[1], textAt(tree, 'd/f')], [0o700, 'new']);
    },
  },
  {
    name: 'a copy puts files where Docker puts them, owned by root',
    async holds(laboratory) {
      laboratory.put('d/sub/one', '1', 0o755);
      laboratory.put('x', 'x');
      const ops = [copyOp(['d'], { destination: '/dest' }), copyOp(['x'], { destination: '/named' }), copyOp(['x', 'd/sub/one'], { destination: '/many/' }), copyOp(['x'], { destination: '/dest' })];
      const tree = await laboratory.tree(await laboratory.apply(ops));
      deepStrictEqual(filesOf(tree), { 'dest/sub/one': '1', 'dest/x': 'x', 'many/one': '1', 'many/x': 'x', named: 'x' });
      deepStrictEqual(facts(tree, 'dest/sub/one'), ['file', 0o755, 0, 0]);
    },
  },
  {
    name: 'owners and modes of a copy are honoured',
    async holds(laboratory) {
      laboratory.put('d/f', 'f', 0o600);
      const tree = await laboratory.tree(await laboratory.apply([copyOp(['d'], { destination: '/d', chown: '3:4', chmod: 'u=rwX,go=rX' })]));
      deepStrictEqual([facts(tree, 'd/f'), facts(tree, 'd')], [['file', 0o644, 3, 4], ['directory', 0o755, 3, 4]]);
    },
  },
  {
    name: 'a copy from another state keeps owners and modes, and takes what select says',
    async holds(laboratory) {
      const from = await laboratory.apply([mkfileOp('/out/f', 'f', { mode: 0o640, owner: '9:9' }), mkfileOp('/other', '')]);
      const [op, input] = [copyOp(['/out/f'], { destination: '/got/' }), { kind: 'snapshot', snapshot: from } as const];
      const tree = await laboratory.tree(await laboratory.apply([op], { inputs: [input] }));
      deepStrictEqual([textAt(tree, 'got/f'), facts(tree, 'got/f')], ['f', ['file', 0o640, 9, 9]]);
      const selection = await (await laboratory.session()).select(op, input);
      // Spread: what comes from a thread may be of another realm in a test runner.
      deepStrictEqual([...(selection?.files ?? [])].map(({ path, size }) => [path, size]), [['out/f', 1]]);
    },
  },
  {
    name: 'a state is never changed by what is built on it, also by several at once',
    async holds(laboratory) {
      const parent = await laboratory.apply([mkfileOp('/base')]);
      const children = await Promise.all(['a', 'b', 'c', 'd'].map((name) => laboratory.apply([mkfileOp(`/${name}`)], { parent })));
      for (const [at, child] of children.entries()) {
        const name = 'abcd'[at] ?? '';
        deepStrictEqual(filesOf(await laboratory.tree(child)), { base: '/base', [name]: `/${name}` });
      }
      deepStrictEqual(filesOf(await laboratory.tree(parent)), { base: '/base' });
    },
  },
  {
    name: 'each step is one layer on those of its base, and the image is what it says',
    async holds(laboratory) {
      const { config } = await laboratory.subject.backend.resolveImage(laboratory.subject.base, laboratory.platform);
      const first = await laboratory.apply([mkfileOp('/conformance-1')], { parent: await laboratory.base() });
      const image = await laboratory.image(await laboratory.apply([mkfileOp('/conformance-2'), mkfileOp('/conformance-3')], { parent: first }));
      deepStrictEqual(await validate(image), []);
      const below = config.rootfs.diff_ids;
      deepStrictEqual(image.config.rootfs.diff_ids.slice(0, below.length), below);
      strictEqual(image.layers.length, below.length + 2);
    },
  },
  {
    name: 'an image of nothing has no layers',
    async holds(laboratory) {
      const image = await laboratory.image(null);
      deepStrictEqual([image.layers.length, await validate(image)], [0, []]);
    },
  },
  {
    name: 'a step that fails keeps nothing, and the session goes on',
    async holds(laboratory) {
      laboratory.put('there', '');
      const parent = await laboratory.apply([mkfileOp('/base')]);
      await rejects(laboratory.apply([mkfileOp('/half'), copyOp(['not-there'])], { parent }), { code: 'SOURCE_MISSING' });
      deepStrictEqual(filesOf(await laboratory.tree(await laboratory.apply([mkfileOp('/whole')], { parent }))), { base: '/base', whole: '/whole' });
    },
  },
  {
    name: 'a step that was cancelled before it began does not happen',
    async holds(laboratory) {
      await rejects(laboratory.apply([mkfileOp('/never')], { signal: AbortSignal.abort() }), { code: 'CANCELLED' });
    },
  },
  {
    name: 'what was made is there in later sessions, and can be built on',
    async holds(laboratory) {
      const session = await laboratory.open();
      const made = await laboratory.apply([mkfileOp('/kept')], { session });
      await session.close();
      strictEqual(await (await laboratory.session()).has(made), true);
      deepStrictEqual(filesOf(await laboratory.tree(await laboratory.apply([mkfileOp('/more')], { parent: made }))), { kept: '/kept', more: '/more' });
    },
  },
  {
    name: 'a session that only answers questions makes nothing',
    async holds(laboratory) {
      laboratory.put('there', '');
      const session = await laboratory.open({ readonly: true });
      ok(await session.select(copyOp(['there']), { kind: 'context', name: '' }));
      await rejects(async () => laboratory.apply([mkfileOp('/never')], { session }));
    },
  },
  {
    name: 'merging puts layers on top of a state that it does not know',
    needs: ({ ops }) => ops.has('merge'),
    async holds(laboratory) {
      const [parent, linked] = [await laboratory.apply([mkfileOp('/below')]), await laboratory.apply([mkfileOp('/linked')])];
      const tree = await laboratory.tree(await laboratory.apply([{ type: 'merge', inputs: [0] }], { parent, inputs: [{ kind: 'snapshot', snapshot: linked }] }));
      deepStrictEqual(filesOf(tree), { below: '/below', linked: '/linked' });
    },
  },
  {
    name: 'the archive of a state is its tree',
    needs: ({ archives }) => archives === true,
    async holds(laboratory) {
      const first = await laboratory.apply([mkfileOp('/a/one'), mkfileOp('/b')]);
      const second = await laboratory.apply([mkfileOp('/a/two')], { parent: first });
      const archive = (await laboratory.session()).archive?.(second, {});
      ok(archive, 'it says that it has archives');
      deepStrictEqual(filesOf(await tarTree(archive)), { 'a/one': '/a/one', 'a/two': '/a/two', b: '/b' });
    },
  },
];

/** Apart: a backend whose engine writes the layers may not be able to. */
export const reproducibility: Law = {
  name: 'with an epoch the same steps give the same layers on another day',
  async holds(laboratory) {
    laboratory.put('d/file', 'content');
    const build = async (): Promise<readonly string[]> => {
      const session = await laboratory.open({ epoch: 1_000_000_000 });
      const made = await laboratory.apply([copyOp(['d']), mkfileOp('/made'), { type: 'mkdir', path: '/dir', mode: 0o755 }], { session });
      return (await laboratory.image(made, { session, epoch: 1_000_000_000 })).config.rootfs.diff_ids;
    };
    deepStrictEqual(await build(), await build());
  },
};
