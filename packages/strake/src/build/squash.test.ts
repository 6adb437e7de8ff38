import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { randomNumbers, type RandomNumbers } from '@strake/testing';
import type { BuildOptions } from './build-options';
import { createBuilder, type Builder } from '../builder/create-builder';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(120_000);

/** A step that makes, changes, links, moves and removes files and folders of few names, so that it meets what others left. */
function randomStep({ below, pick }: RandomNumbers): string {
  const path = (): string => Array.from({ length: 1 + below(3) }, () => pick(['a', 'b', 'c'])).join('/');
  const lines = Array.from({ length: 8 }, () => {
    const [one, two] = [path(), path()];
    const acts = [`rm -rf ${one}`, `mkdir -p ${one}`, `mkdir -p ${one}; echo ${below(100)} > ${one}/f`, `mv ${one} ${two}`, `ln -f ${one}/f ${two}/f`, `rm -rf ${one}; mkdir -p ${one}`, `rm -rf ${one}; ln -s ${two} ${one}`, `chmod 7${below(8)}5 ${one}`];
    return `{ ${pick(acts)}; } 2>/dev/null || :`;
  });
  return `RUN cd /w && ${lines.join(' && ')}\n`;
}

describeBuilds('--squash', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder });
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  const dockerfile = (text: string): Pick<BuildOptions, 'context' | 'dockerfile'> => ({ context: 'context', dockerfile: { text, name: 'Dockerfile' } });
  const applets = 'RUN busybox ln -s busybox /bin/rm && for name in mkdir mv ln chmod cp; do rm -f /bin/$name; busybox ln -s busybox /bin/$name; done\n';
  const linesOf = (entries: readonly { readonly created_by?: string; readonly comment?: string; readonly empty_layer?: boolean }[]) =>
    entries.map(({ created_by: by = '', comment = '', empty_layer: empty = false }) => `${by.split(' ')[0] ?? ''}|${comment.replace(/sha256:[0-9a-f]{64}/g, 'ID')}|${String(empty)}`);

  async function treeOf(text: string, name: string): Promise<Buffer> {
    await builder.build({ ...dockerfile(text), outputs: [{ type: 'tar', attributes: { dest: name } }] });
    return readFileSync(join(scratch.folder, name));
  }

  test('layers above the base become one, and the history says so', async () => {
    await builder.build({ ...dockerfile(`${shell}RUN echo base > /base\n`), tags: ['base'] });
    const options = { ...dockerfile('FROM base\nRUN echo 1 > /one\nENV A=1\nRUN echo 2 > /two\n') };
    const [whole, squashed] = [await builder.build(options), await builder.build({ ...options, squash: true, tags: ['squashed'] })];
    const base = whole.config.rootfs.diff_ids.length - 2;
    expect(squashed.config.rootfs.diff_ids).toHaveLength(base + 1);
    expect(squashed.config.rootfs.diff_ids.slice(0, base)).toEqual(whole.config.rootfs.diff_ids.slice(0, base));
    expect(linesOf(squashed.config.history.slice(-4))).toEqual(['RUN|strake.dockerfile.v0|true', 'ENV|strake.dockerfile.v0|true', 'RUN|strake.dockerfile.v0|true', '|merge ID to ID|false']);
    expect(squashed.config.history.at(-1)?.comment).toContain(whole.imageId);
    expect(squashed.config.config).toEqual(whole.config.config);
    expect((await builder.build({ ...options, squash: true })).imageId).toBe(squashed.imageId);
  });

  test('what is removed again leaves nothing; what hides the base stays hidden', async () => {
    await builder.build({ ...dockerfile(`${shell}${applets}RUN mkdir -p /d/e && echo x > /d/e/f && echo y > /g\n`), tags: ['full'] });
    const squashed = await builder.build({ ...dockerfile('FROM full\nRUN echo z > /passing && rm -r /d\nRUN rm /passing /g && mkdir /d && echo w > /d/w\n'), squash: true, tags: ['less'] });
    expect(squashed.config.rootfs.diff_ids.length).toBeGreaterThan(1);
    const tree = await treeOf('FROM less\n', 'less.tar');
    expect(['d/w', 'd/e', 'passing'].map((path) => tree.includes(path))).toEqual([true, false, false]);
  });

  test.each([1, 2])('the tree is the same, whatever the steps do (seed %d)', async (seed) => {
    const numbers = randomNumbers(seed);
    const begin = `${shell}${applets}RUN mkdir /w\n${randomStep(numbers)}`;
    await builder.build({ ...dockerfile(begin), tags: [`begin${seed}`] });
    const steps = Array.from({ length: 5 }, () => randomStep(numbers)).join('');
    await builder.build({ ...dockerfile(`FROM begin${seed}\n${steps}`), tags: [`squashed${seed}`], squash: true });
    const [squashed, whole] = [await treeOf(`FROM squashed${seed}\n`, 'squashed.tar'), await treeOf(`FROM begin${seed}\n${steps}`, 'whole.tar')];
    expect(squashed.equals(whole)).toBe(true);
  });

  test('with nothing above the base there is nothing to squash', async () => {
    const options = dockerfile(`${shell}`);
    await builder.build({ ...options, tags: ['alone'] });
    const only = dockerfile('FROM alone\nENV A=1\n');
    expect((await builder.build({ ...only, squash: true })).imageId).toBe((await builder.build(only)).imageId);
  });
});
