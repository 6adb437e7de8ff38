import { BUILD_EVENTS_VERSION, type BuildEvent, type LogFields } from '@strake/api';
import { build } from './build-once';
import type { BuilderConfig } from '../builder/builder-config';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions } from './build-options';
import { describeBuilds, makeScratch, type Scratch } from '../test-support/scratch';

const text = 'FROM scratch\nWORKDIR /a\nWORKDIR /b\n';
const options = (dockerfile = text, more: BuildOptions = {}): BuildOptions => ({ context: { files: { Dockerfile: dockerfile } }, ...more });

describeBuilds('a build that was started', () => {
  let scratch: Scratch;
  let builder: Builder;
  const logged: (readonly [string, string, LogFields])[] = [];
  const heard = (level: string) => (message: string, fields: LogFields): void => void logged.push([level, message, fields]);
  beforeEach(async () => {
    scratch = makeScratch();
    logged.length = 0;
    builder = await createBuilder({ store: scratch.store, parallelism: 1, logger: { debug: heard('debug'), info: heard('info'), warn: heard('warn'), error: heard('error') } });
  });
  afterEach(async () => {
    await builder.close();
    scratch.remove();
  });

  async function typesOf(events: AsyncIterable<BuildEvent>): Promise<readonly string[]> {
    const types: string[] = [];
    for await (const event of events) types.push(event.type);
    return types;
  }

  const ALL = ['graph', 'missed', 'started', 'done', 'missed', 'started', 'done'];

  test('gives its events to every reader and to onEvent, and then its result', async () => {
    const called: string[] = [];
    const run = builder.start(options(text, { onEvent: (event) => void called.push(event.type) }));
    expect(run.events.version).toBe(BUILD_EVENTS_VERSION);
    const [one, two] = await Promise.all([typesOf(run.events), typesOf(run.events)]);
    expect([one, two, called]).toEqual([ALL, ALL, ALL]);
    expect(await run.result).toMatchObject({ names: [], config: { config: { WorkingDir: '/b' } } });
    expect(await typesOf(run.events)).toEqual([]);
  });

  test('goes on when a reader leaves', async () => {
    const run = builder.start(options());
    for await (const event of run.events) if (event.type === 'started') break;
    await expect(run.result).resolves.toBeDefined();
  });

  test('ends its events when it fails; nobody has to take the error', async () => {
    const run = builder.start(options('FROM scratch\nRUM x\n'));
    expect(await typesOf(run.events)).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    await expect(run.result).rejects.toMatchObject({ code: 'UNKNOWN_INSTRUCTION' });
  });

  test('is cancelled by its signal', async () => {
    const stop = new AbortController();
    const run = builder.start(options(text, { signal: stop.signal }));
    for await (const event of run.events) if (event.type === 'graph') stop.abort();
    await expect(run.result).rejects.toMatchObject({ code: 'CANCELLED' });
    // Somebody wanted it: whoever is woken by errors sleeps on.
    expect(logged.filter(([level]) => level === 'error')).toEqual([]);
    expect(logged.at(-1)).toEqual(['info', 'build cancelled', expect.objectContaining({ code: 'CANCELLED' })]);
  });

  test('is waited for when the builder is closed; nothing begins after that', async () => {
    const run = builder.start(options());
    let ended = false;
    void run.result.then(() => (ended = true));
    const [closed, again] = [builder.close(), builder.close()];
    const late = builder.start(options());
    await Promise.all([closed, again]);
    expect(ended).toBe(true);
    expect(await typesOf(late.events)).toEqual([]);
    for (const refused of [late.result, builder.build(options()), builder.plan(options()), builder.diff('a', 'b')]) await expect(refused).rejects.toMatchObject({ code: 'USAGE', message: 'the builder is closed' });
    for (const part of ['images', 'caches', 'registries'] as const) expect(() => builder[part]()).toThrow('the builder is closed');
  });

  test('is told to the logger', async () => {
    await builder.build(options());
    await builder.build(options('FROM scratch\nRUM x\n')).catch(() => undefined);
    expect(logged.filter(([level]) => level !== 'debug').map(([level, message, { build }]) => `${level} ${build} ${message}`)).toEqual([
      'info 1 build begun', 'info 1 done: [1/2] WORKDIR /a', 'info 1 done: [2/2] WORKDIR /b', 'info 1 build done', 'info 2 build begun', 'error 2 build failed',
    ]);
    expect(logged.at(-1)?.[2]).toMatchObject({ code: 'UNKNOWN_INSTRUCTION' });
  });

  test('has a builder of its own where it is the only one', async () => {
    const { names } = await build({ ...options(), tags: ['once'], config: { store: scratch.store } });
    expect((await builder.images().list()).map((image) => image.names)).toContainEqual(names);
    await expect(build({ ...options(), config: { stor: scratch.store } as BuilderConfig })).rejects.toMatchObject({ code: 'CONFIG_INVALID', hint: 'did you mean store?' });
  });

  test('has some parallelism', async () => {
    await expect(builder.build(options(text, { parallelism: 0 }))).rejects.toMatchObject({ code: 'USAGE' });
    await expect(createBuilder({ parallelism: 1.5 })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('shares its turns with others: never more than the limit at once', async () => {
    let [running, most] = [0, 0];
    const onEvent = ({ type }: BuildEvent): void => {
      if (type === 'started') most = Math.max(most, (running += 1));
      if (type === 'done') running -= 1;
    };
    const dockerfile = (name: string): string => `FROM scratch AS a\nWORKDIR /${name}1\nFROM scratch AS b\nWORKDIR /${name}2\nFROM scratch\nCOPY --from=a / /a\nCOPY --from=b / /b\n`;
    await Promise.all(['x', 'y', 'z'].map((name) => builder.build(options(dockerfile(name), { onEvent }))));
    expect(most).toBe(1);
  });
});
