import type { BuildEvent } from '@strake/api';
import type { BuildOptions, BuildResult } from './build-options';
import { createBuilder, type Builder } from '../builder/create-builder';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('the classic cache on the embedded backend', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeEach(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder, cache: 'classic' });
  });
  afterEach(async () => {
    await builder.close();
    scratch.remove();
  });

  interface Told {
    readonly result: BuildResult;
    /** Of each step with an image: whether it was found. */
    readonly cached: readonly boolean[];
    readonly ids: readonly (string | null)[];
  }

  const build = async (text: string, options: BuildOptions = {}): Promise<Told> => {
    const steps: (BuildEvent & { type: 'step' })[] = [];
    const onEvent = (event: BuildEvent): void => void (event.type === 'step' && event.step >= 0 && steps.push(event));
    const result = await builder.build({ context: 'context', dockerfile: { text, name: 'Dockerfile' }, onEvent, ...options });
    return { result, cached: steps.map(({ cached }) => cached), ids: steps.map(({ image }) => image) };
  };

  const text = `${shell}ARG A=1\nLABEL x=y\nRUN echo "$A" > /out\nWORKDIR /w\nCOPY a .\nCMD ["sh"]\n`;

  test('each instruction has an image, and a second build finds all of them', async () => {
    scratch.write('a', 'a\n');
    const first = await build(text);
    const second = await build(text);
    expect(first.cached).toEqual(Array(9).fill(false));
    expect(second.cached).toEqual(Array(9).fill(true));
    expect(second.ids).toEqual(first.ids);
    expect(second.result.imageId).toBe(first.ids.at(-1));
    const history = first.result.config.history.map(({ created_by }) => created_by);
    expect(history.slice(3)).toEqual([
      '/bin/sh -c #(nop)  ARG A=1', '/bin/sh -c #(nop)  LABEL x=y', '|1 A=1 /bin/sh -c echo "$A" > /out', '/bin/sh -c #(nop) WORKDIR /w',
      expect.stringMatching(/^\/bin\/sh -c #\(nop\) COPY file:[0-9a-f]{64} in \. $/) as string, '/bin/sh -c #(nop)  CMD ["sh"]',
    ]);
    expect((await builder.images().list()).filter(({ intermediate }) => intermediate)).toHaveLength(8);
  });

  test('after the first miss of a stage nothing of it is found, though its image is there', async () => {
    scratch.write('a', 'a\n');
    await build(text);
    const other = await build(text.replace('x=y', 'x=z'));
    expect(other.cached).toEqual([true, true, true, true, false, false, false, false, false]);
    const back = await build(text, { buildArgs: { A: '2' } });
    expect(back.cached).toEqual([true, true, true, true, true, false, false, false, false]);
    scratch.write('a', 'b\n');
    expect((await build(text)).cached).toEqual([true, true, true, true, true, true, true, false, false]);
  });

  test('of two images that are the same the newest is found', async () => {
    const one = await build(`${shell}RUN echo 1\n`);
    const two = await build(`${shell}RUN echo 1\n`, { noCache: true });
    expect(two.ids).not.toEqual(one.ids);
    expect((await build(`${shell}RUN echo 1\n`)).ids).toEqual(two.ids);
  });

  test('stages are looked up each by itself, and files of another stage by their content', async () => {
    const stages = (word: string): string => `${shell}RUN echo ${word} > /word; echo same > /same\nFROM scratch\nCOPY --from=0 /same /\nLABEL a=b\n`;
    const first = await build(stages('one'));
    expect((await build(stages('two'))).cached).toEqual([true, true, true, false, true, true]);
    expect((await build(stages('one'), { noCacheFilter: ['1'] })).cached).toEqual([true, true, true, true, false, false]);
    expect(first.result.config.config.Cmd).toBeUndefined();
  });

  test('labels of the command line are instructions of the last stage', async () => {
    const { result } = await build(`FROM scratch\nCOPY busybox /\n`, { labels: { z: '1', a: '2' } });
    expect(result.config.config).toMatchObject({ Labels: { z: '1', a: '2' } });
    expect(result.config.history.slice(1).map(({ created_by }) => created_by)).toEqual(['/bin/sh -c #(nop)  LABEL a=2', '/bin/sh -c #(nop)  LABEL z=1']);
  });

  test('a variable goes before an argument of the same name, as in Docker', async () => {
    const { result } = await build(`${shell}ENV V=env\nARG V=arg\nRUN echo "$V" > /v\nFROM scratch\nCOPY --from=0 /v /\n`);
    const other = await build(`${shell}ENV V=env\nRUN echo env > /v\nFROM scratch\nCOPY --from=0 /v /\n`);
    expect(other.cached.at(-1)).toBe(true);
    expect(other.result.imageId).toBe(result.imageId);
  });

  test('a stage on another begins without its build arguments, as in Docker', async () => {
    const { result } = await build(`${shell.replace('scratch', 'scratch AS base')}ARG X=1\nFROM base\nARG Y=2\nLABEL x="<$X$Y>"\nRUN test "$X$Y" = 2\n`);
    expect(result.config.config).toMatchObject({ Labels: { x: '<2>' } });
    expect(result.config.history.at(-1)?.created_by).toBe('|1 Y=2 /bin/sh -c test "$X$Y" = 2');
  });

  test('a build that is cancelled leaves the images that were finished, and the next one finds them', async () => {
    const ending = new AbortController();
    const onEvent = ({ type, ...event }: BuildEvent): void => void (type === 'started' && 'note' in event && event.note?.name.includes('while') === true && ending.abort());
    await expect(build(`${shell}LABEL a=b\nRUN while :; do :; done\n`, { signal: ending.signal, onEvent })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(await builder.images().list()).toHaveLength(4);
    expect((await build(`${shell}LABEL a=b\nRUN true\n`)).cached).toEqual([true, true, true, true, false]);
  });

  test('a plan says what the next build runs, and why', async () => {
    scratch.write('a', 'a\n');
    const stages = (label = 'x', run = 'true', name = 'one'): string => `${shell.replace('scratch', 'scratch AS one')}ARG A=1\nLABEL l=${label}\nRUN ${run}\nCOPY a /a\nFROM scratch\nCOPY --from=${name} /a /b\n`;
    await build(stages());
    const rows: readonly (readonly [string, BuildOptions, unknown])[] = [
      [stages(), {}, undefined],
      [stages('y'), {}, expect.stringContaining('LABEL in line 6: ')],
      [stages('x', 'false || true'), {}, 'the instruction was "/bin/sh -c true"'],
      [stages(), { buildArgs: { A: '2' } }, 'build argument A changed from "1" to "2"'],
      [stages(), { noCache: true }, expect.stringContaining('no-cache')],
    ];
    for (const [dockerfile, options, reason] of rows) {
      const planned = await builder.plan({ context: 'context', dockerfile: { text: dockerfile, name: 'Dockerfile' }, ...options });
      const ran = new Set<string>();
      await build(dockerfile, { ...options, onEvent: (event) => void (event.type === 'missed' && ran.add(event.vertex)) });
      expect(planned.steps.find(({ cached }) => !cached)?.reason).toEqual(reason);
      expect(planned.steps.filter(({ cached, uncertain }) => !cached && uncertain === undefined).map(({ digest }) => digest).filter((digest) => !ran.has(digest))).toEqual([]);
      expect([...ran].filter((digest) => planned.steps.some((step) => step.digest === digest && step.cached))).toEqual([]);
    }
    scratch.write('a', 'b\n');
    const { steps } = await builder.plan({ context: 'context', dockerfile: { text: stages(), name: 'Dockerfile' } });
    expect(steps.find(({ cached }) => !cached)).toMatchObject({ reason: expect.stringContaining('the files that it copies') as string, changes: [{ what: 'part', how: 'changed' }], files: [{ path: 'a' }] });
    expect(steps.at(-1)).toMatchObject({ cached: false, uncertain: true });
  });

  test('an image that came from elsewhere gives its history', async () => {
    scratch.write('a', 'a\n');
    const { result } = await build(text, { tags: ['made'] });
    const saved = `${scratch.folder}/made.tar`;
    await builder.images().save(['made'], { format: 'docker', destination: saved, signal: new AbortController().signal });
    const other = await createBuilder({ store: `${scratch.folder}/other`, cwd: scratch.folder, cache: 'classic' });
    try {
      await other.images().load(saved, { signal: new AbortController().signal });
      const cached: boolean[] = [];
      const onEvent = (event: BuildEvent): void => void (event.type === 'step' && event.step >= 0 && cached.push(event.cached));
      const options = { context: 'context', dockerfile: { text, name: 'Dockerfile' }, onEvent };
      const again = await other.build({ ...options, cacheFrom: ['made', 'nowhere'] });
      expect(cached).toEqual(Array(9).fill(true));
      expect(again.imageId).toBe(result.imageId);
      expect(again.warnings).toMatchObject([{ code: 'CacheNotImported', message: 'no cache is taken from nowhere: the image is not here' }]);
      const [longer, more] = [`${text}LABEL more=1\n`, cached.length];
      await other.build({ ...options, dockerfile: { text: longer, name: 'Dockerfile' }, cacheFrom: ['type=registry,ref=made'] });
      expect(cached.slice(more)).toEqual([...Array<boolean>(9).fill(true), false]);
    } finally {
      await other.close();
    }
  });

  test.each([
    ['COPY --chmod=755 a /a', '--chmod', 5],
    ['RUN --mount=type=tmpfs,target=/t true', '--mount', 5],
    ['RUN <<E\ntrue\nE', 'here-document', 5],
    ['COPY --link a /a', '--link', 5],
  ])('%s is refused before anything runs', async (line, what, row) => {
    scratch.write('a', 'a\n');
    await expect(build(`${shell}${line}\n`)).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining(what) as string, range: { start: { line: row } } });
    expect(await builder.images().list()).toHaveLength(0);
  });

  test('a cache of images is not written to places outside the store', async () => {
    await expect(builder.build({ context: 'context', dockerfile: { text: 'FROM scratch\n', name: 'Dockerfile' }, cacheTo: ['type=local,dest=cache'] })).rejects.toMatchObject({ code: 'UNSUPPORTED', message: expect.stringContaining('--cache-to') as string });
  });

  test.each([['classic', ['UndefinedVar']], ['content', []]] as const)('a check goes by what arguments a stage on another has with the cache %s', async (cache, codes) => {
    const checker = await createBuilder({ store: scratch.store, cwd: scratch.folder, cache });
    const { violations, error } = await checker.check({ context: 'context', dockerfile: { text: 'FROM scratch AS one\nARG X=1\nFROM one\nENV Y=$X\n', name: 'Dockerfile' } });
    await checker.close();
    expect([violations.map(({ code }) => code), error]).toEqual([codes, undefined]);
  });
});
