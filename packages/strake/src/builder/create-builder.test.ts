import { defineInstruction, type Plugin } from '@strake/api';
import { existsSync } from 'node:fs';
import { createBuilder } from './create-builder';
import type { BuilderConfig } from './builder-config';
import type { BuildOptions } from '../build/build-options';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

const note = defineInstruction({
  keyword: 'NOTE',
  summary: 'writes a note',
  args: { kind: 'raw', expand: 'word' },
  lower: ({ args }) => ({ ops: [{ type: 'mkfile', path: '/note', content: args, mode: 0o644 }] }),
});

describeBuilds('a builder', () => {
  let scratch: Scratch;
  beforeEach(() => void (scratch = makeScratch()));
  afterEach(() => scratch.remove());

  const dockerfile = (text: string): BuildOptions => ({ context: scratch.context, dockerfile: { text, name: 'Dockerfile' } });

  async function using<T>(config: BuilderConfig, work: (builder: Awaited<ReturnType<typeof createBuilder>>) => Promise<T>): Promise<T> {
    const builder = await createBuilder({ store: scratch.store, ...config });
    try {
      return await work(builder);
    } finally {
      await builder.close();
    }
  }

  test.each([
    ['backend', { backend: 'nope' }, 'Known: embedded, docker.'],
    ['cache', { cache: 'nope' }, 'Known: content, none, classic, read-only, ttl=DURATION.'],
  ])('refuses an unknown %s by name', async (what, config, hint) => {
    await expect(using(config, (builder) => builder.build(dockerfile('FROM scratch\n')))).rejects.toMatchObject({ code: 'CONFIG_INVALID', message: `there is no ${what} "nope"`, hint });
  });

  test('refuses a second definition of a keyword', async () => {
    await expect(createBuilder({ plugins: [note, { ...note, name: 'other' }] })).rejects.toMatchObject({ code: 'PLUGIN_CONFLICT' });
  });

  test('knows the instructions of its plugins, and no other builder does', async () => {
    const step = await using({ plugins: [note] }, async (builder) => {
      await builder.build(dockerfile('FROM scratch\nNOTE hello\n'));
      return (await builder.plan(dockerfile('FROM scratch\nNOTE hello\n'))).steps[0];
    });
    expect(step).toMatchObject({ name: '[1/1] NOTE hello', cached: true });
    await expect(using({}, (builder) => builder.build(dockerfile('FROM scratch\nNOTE hello\n')))).rejects.toMatchObject({ code: 'UNKNOWN_INSTRUCTION' });
  });

  test('tells hooks of events and of the end', async () => {
    const heard: string[] = [];
    const listener: Plugin = {
      name: 'listener',
      apply: ({ hooks }) => {
        hooks.event.tap('listener', (event) => void heard.push(event.type));
        hooks.done.tapPromise('listener', async ({ error }) => void heard.push(error === undefined ? 'end' : 'failure'));
      },
    };
    await using({ plugins: [listener] }, (builder) => builder.build(dockerfile('FROM scratch\nWORKDIR /a\n')));
    expect(heard).toEqual(['graph', 'missed', 'started', 'done', 'end']);
  });

  test('plans what it then does', async () => {
    const text = `${shell}RUN echo a\nRUN echo b\n`;
    await using({}, async (builder) => {
      await builder.build(dockerfile(text.replace('echo b', 'echo c')));
      const { steps } = await builder.plan(dockerfile(text));
      const done: string[] = [];
      await builder.build({ ...dockerfile(text), onEvent: (event) => void (event.type === 'cached' && done.push(event.vertex)) });
      expect(steps.filter(({ cached }) => cached).map(({ digest }) => digest)).toEqual(done);
      expect(steps.map(({ cached }) => cached)).toEqual([true, true, true, false]);
      expect(steps[3]).toMatchObject({ reason: expect.any(String), actions: ['run "/bin/sh" "-c" "echo b" in /'] });
    });
  });

  test('parses without a store', async () => {
    expect(await using({}, async (builder) => builder.parse('FROM scratch\n', 'Dockerfile'))).toBeDefined();
    expect(existsSync(scratch.store)).toBe(false);
  });
});
