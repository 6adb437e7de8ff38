import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions } from './build-options';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('stages', () => {
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

  const ended: string[] = [];
  const onEvent = (event: BuildEvent): void => {
    if (event.type === 'done') ended.push(event.note.name.replace(/^\[.*?\] /, ''));
  };
  const build = (text: string, options: BuildOptions = {}) => {
    ended.length = 0;
    return builder.build({ context: 'context', dockerfile: { text, name: 'Dockerfile' }, onEvent, ...options });
  };
  const base = shell.replace('FROM scratch', 'FROM scratch AS base');

  test('the stages that --after names end before the stage begins, and are built though nothing is taken from them', async () => {
    await build(`${base}FROM base AS slow\nRUN sleep 0.3\nFROM --after=slow base\nRUN true\n`);
    expect(ended.slice(-2)).toEqual(['RUN sleep 0.3', 'RUN true']);
  });

  test('a stage does not begin when one that it comes after fails', async () => {
    await expect(build(`${base}FROM base AS checks\nRUN exit 4\nFROM --after=checks base\nRUN echo late\n`)).rejects.toMatchObject({ code: 'STEP_FAILED', range: { start: { line: 6 } } });
    expect(ended).not.toContain('RUN echo late');
  });

  test('a stage that nothing needs fails the build when all stages are asked for', async () => {
    const text = `${base}FROM base AS unused\nRUN exit 5\nFROM base\nRUN echo fine\n`;
    await expect(build(text, { allStages: true })).rejects.toMatchObject({ code: 'STEP_FAILED', exitCode: 5 });
    await expect(build(text)).resolves.toBeDefined();
  });

  test('a stage can start with the files of a named build context', async () => {
    scratch.write('sub/a', 'one\n');
    scratch.write('sub/d/b', 'two\n');
    const { config } = await build(`FROM files AS f\nENV A=1\nFROM f\nCOPY --from=files d/b /copy\n`, { buildContexts: { files: 'context/sub' } });
    expect(config.rootfs.diff_ids).toHaveLength(2);
    expect(config.history?.map(({ created_by }) => created_by)).toEqual(['FROM files', 'ENV A=1', 'COPY d/b /copy # strake']);
  });
});
