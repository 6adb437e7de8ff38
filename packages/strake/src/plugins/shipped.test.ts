import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions, BuildResult } from '../build/build-options';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('plugins that strake ships', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store, cwd: scratch.folder, plugins: ['assert', 'copy-if-exists', 'run-control', 'squash'] });
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  interface Made {
    readonly result: BuildResult;
    readonly ran: readonly string[];
    readonly output: string;
  }

  async function build(text: string, more: Pick<BuildOptions, 'outputs'> = {}): Promise<Made> {
    const events: BuildEvent[] = [];
    const result = await builder.build({ context: 'context', dockerfile: { text: `${shell}${text}`, name: 'Dockerfile' }, onEvent: (event) => events.push(event), ...more });
    const output = events.flatMap((event) => (event.type === 'log' ? [event.data.toString()] : [])).join('');
    return { result, output, ran: events.flatMap((event) => (event.type === 'started' ? [event.note.name.replace(/^\[.*?\] /, '')] : [])) };
  }

  test('ASSERT fails the build, is cached, and leaves nothing in the image', async () => {
    const text = 'RUN echo 1 > /one\nASSERT test -f /one && echo 2 > /two\nRUN echo 3 > /three\n';
    const first = await build(text, { outputs: [{ type: 'local', attributes: { dest: 'out' } }] });
    expect(first.ran).toContain('ASSERT test -f /one && echo 2 > /two');
    expect(() => readFileSync(join(scratch.folder, 'out/two'))).toThrow('ENOENT');
    expect(readFileSync(join(scratch.folder, 'out/three'), 'utf8')).toBe('3\n');
    expect(first.result.config.history?.map(({ created_by = '' }) => created_by).join('\n')).not.toContain('ASSERT');
    expect((await build(text)).ran).toEqual([]);
    await expect(build('ASSERT exit 4\n')).rejects.toMatchObject({ code: 'STEP_FAILED', exitCode: 4, range: { start: { line: 5 } } });
  });

  test('a failing ASSERT is not cached, and one of a stage that nothing needs is not run', async () => {
    const text = 'ASSERT exit 4\n';
    await expect(build(text)).rejects.toMatchObject({ code: 'STEP_FAILED' });
    await expect(build(text)).rejects.toMatchObject({ code: 'STEP_FAILED' });
    expect((await build(`${text}FROM scratch\nCOPY busybox /\n`)).ran).toEqual(['COPY busybox /']);
  });

  test('COPY --if-exists takes what is there, and a file that appears later counts', async () => {
    const text = 'COPY --if-exists conf/a.json none* /etc/\nRUN ls /etc\n';
    expect((await build(text)).output).not.toContain('a.json');
    expect((await build(text)).ran).toEqual([]);
    scratch.write('conf/a.json', '{}');
    expect((await build(text)).output).toContain('a.json');
    await expect(build('COPY conf/b.json /etc/\n')).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
  });

  test('RUN --no-cache runs each time; what follows is as if it were new', async () => {
    const text = 'RUN --no-cache head -c 8 /dev/urandom > /r\nRUN cat /r > /s\n';
    const [first, second] = [await build(text), await build(text)];
    expect(second.ran).toEqual(first.ran.slice(-2));
    expect(second.result.imageId).not.toBe(first.result.imageId);
  });

  test('RUN --cache-ttl and --timeout are in no key', async () => {
    await build('RUN echo same > /same\n');
    expect((await build('RUN --cache-ttl=1h --timeout=5m --retry=2 echo same > /same\n')).ran).toEqual([]);
  });

  test('RUN --retry shows each attempt; --timeout stops all that a program has started', async () => {
    const { output } = await build('RUN --mount=type=cache,target=/c --retry=3 echo x >> /c/n; test $(wc -l < /c/n) = 3\n');
    expect(output.match(/attempt \d of 4 failed/g)).toEqual(['attempt 1 of 4 failed', 'attempt 2 of 4 failed']);
    const late = build('RUN --timeout=1s sleep 977 & sleep 977\n');
    await expect(late).rejects.toMatchObject({ code: 'STEP_TIMEOUT', seconds: 1, range: { start: { line: 5 } } });
  });

  test('SQUASH makes one layer, keeps the history, and is cached instruction by instruction', async () => {
    const text = (last: string) => `SQUASH BEGIN\nRUN echo big > /big\nRUN rm /big; echo ${last} > /kept\nSQUASH END\nRUN true\n`;
    const first = await build(text('a'));
    const layers = first.result.config.rootfs.diff_ids.length;
    expect(layers).toBe(4);
    expect(first.result.config.history?.filter(({ empty_layer: empty }) => empty !== true)).toHaveLength(layers);
    expect(first.result.config.history?.map(({ created_by = '' }) => created_by.replace(/ #.*/, ''))).toEqual(expect.arrayContaining(['RUN /bin/sh -c echo big > /big', 'SQUASH END']));
    expect((await build(text('a'))).ran).toEqual([]);
    expect((await build(text('b'))).ran).toEqual(['RUN rm /big; echo b > /kept', 'SQUASH END', 'RUN true']);
  });

  test('a plugin that nobody ships is refused', async () => {
    await expect((await createBuilder({ plugins: ['asert'] })).plugins()).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: 'did you mean "assert"?' });
  });
});
