import { deepStrictEqual, match, notStrictEqual, ok, rejects, strictEqual } from 'node:assert';
import type { CopyOp, Selection } from '@strake/api';
import { utimesSync } from 'node:fs';
import { join } from 'node:path';
import { contextInput, type Laboratory } from './laboratory';
import type { Law } from './law';

const OPS = new Set(['source', 'exec', 'copy', 'mkdir', 'mkfile', 'merge', 'squash']);

/** A copy to `/`. */
export const copyOp = (sources: readonly string[], more: Partial<CopyOp> = {}): CopyOp => ({ type: 'copy', input: 0, sources, destination: '/', ...more });

async function select(laboratory: Laboratory, op: CopyOp): Promise<Selection> {
  const selection = await (await laboratory.open()).select(op, contextInput);
  ok(selection, 'what a context holds can always be known');
  return selection;
}

/** What a backend is asked, by builds and by the dry run. */
export const questions: readonly Law[] = [
  {
    name: 'its capabilities are words of the vocabulary',
    async holds({ subject: { backend }, platform }) {
      match(backend.name, /^[a-z][a-z0-9-]*$/);
      deepStrictEqual([...backend.capabilities.ops].filter((op) => !OPS.has(op)), []);
      strictEqual(typeof backend.capabilities.canRun(platform), 'boolean');
    },
  },
  {
    name: 'an image is found, the same each time, and pinned by its digest',
    async holds({ subject: { backend, base }, platform }) {
      const found = await backend.resolveImage(base, platform);
      ok(found.reference.endsWith(`@${found.digest}`), `${found.reference} does not end with its digest`);
      deepStrictEqual(await backend.resolveImage(base, platform), found);
      deepStrictEqual(await backend.resolveImage(found.reference, platform), found);
    },
  },
  {
    name: 'an image that is not there is IMAGE_MISSING',
    async holds({ subject: { backend, missing = 'example.test/strake/no-such-image:1' }, platform }) {
      await rejects(backend.resolveImage(missing, platform), { code: 'IMAGE_MISSING' });
    },
  },
  {
    name: 'a source has the same identity in every session',
    async holds(laboratory) {
      const { reference, platform } = await laboratory.subject.backend.resolveImage(laboratory.subject.base, laboratory.platform);
      const op = { type: 'source', scheme: 'image', reference, platform } as const;
      const [one, other] = [await laboratory.open(), await laboratory.open()];
      strictEqual(await one.sourceDigest(op), await other.sourceDigest(op));
    },
  },
  {
    name: 'a snapshot that never was is not there',
    async holds(laboratory) {
      strictEqual(await (await laboratory.session()).has({ id: 'conformance-never-made' }), false);
    },
  },
  {
    name: 'a copy from a context takes what the ignore file shows, sorted by path',
    async holds(laboratory) {
      laboratory.put('b/two', '22');
      laboratory.put('b/hidden', '');
      laboratory.put('a', '1');
      laboratory.put('.dockerignore', 'b/hidden\n');
      const { files } = await select(laboratory, copyOp(['b', 'a']));
      deepStrictEqual(files.map(({ path, type, size }) => [path, type, size]), [['a', 'file', 1], ['b', 'directory', 0], ['b/two', 'file', 2]]);
    },
  },
  {
    name: 'a selection changes with names, content and modes of what it takes, and with nothing else',
    async holds(laboratory) {
      const digest = async (sources = ['a']): Promise<string> => (await select(laboratory, copyOp(sources))).digest;
      laboratory.put('a/file', 'one');
      const before = await digest();
      utimesSync(join(laboratory.context, 'a/file'), 1, 1);
      laboratory.put('other', 'not taken');
      strictEqual(await digest(), before);
      const changes = [() => laboratory.put('a/file', 'two'), () => laboratory.put('a/file', 'one', 0o755), () => laboratory.put('a/more', 'one')];
      const digests = [before];
      for (const change of changes) {
        change();
        digests.push(await digest());
      }
      strictEqual(new Set(digests).size, digests.length);
      notStrictEqual(await digest(['a/more']), await digest(['a/file']));
    },
  },
  {
    name: 'a source that is not there is SOURCE_MISSING, a pattern without a match takes nothing',
    async holds(laboratory) {
      laboratory.put('there', '');
      await rejects(select(laboratory, copyOp(['not-there'])), { code: 'SOURCE_MISSING' });
      deepStrictEqual((await select(laboratory, copyOp(['no*match']))).files, []);
    },
  },
  {
    name: 'patterns and exclusions are honoured',
    async holds(laboratory) {
      for (const path of ['src/a.ts', 'src/a.test.ts', 'src/b.md', 'x.ts', 'y.ts']) laboratory.put(path, path);
      const paths = async (op: CopyOp): Promise<readonly string[]> => (await select(laboratory, op)).files.filter(({ type }) => type === 'file').map(({ path }) => path);
      deepStrictEqual(await paths(copyOp(['*.ts'])), ['x.ts', 'y.ts']);
      deepStrictEqual(await paths(copyOp(['src'], { exclude: ['*.test.ts', '**/*.md'] })), ['src/a.ts']);
    },
  },
  {
    name: 'a session may end twice',
    async holds(laboratory) {
      const session = await laboratory.open();
      await session.close();
      await session.close();
    },
  },
];
