import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildEvent } from '@strake/api';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions, BuildResult } from './build-options';
import { formatError } from '../errors/format-error';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('build', () => {
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
  const two = `${shell}FROM scratch AS other\nCOPY --from=0 /bin/busybox /bin/sh\nRUN echo other\nFROM scratch\nCOPY --from=0 /bin /bin\nCOPY --from=other /bin/sh /other\nRUN echo last\n`;

  async function record(options: BuildOptions): Promise<{ readonly result: BuildResult; readonly events: readonly BuildEvent[] }> {
    const events: BuildEvent[] = [];
    return { result: await builder.build({ ...options, onEvent: (event) => events.push(event) }), events };
  }
  const ran = (events: readonly BuildEvent[]): readonly string[] => events.flatMap((event) => (event.type === 'started' ? [event.note.name] : []));
  const reasons = (events: readonly BuildEvent[]): readonly string[] => events.flatMap((event) => (event.type === 'missed' ? [event.reason] : []));

  test('what was built is taken from the cache', async () => {
    const options = { ...dockerfile(`${shell}RUN echo one > /one\n`), tags: ['app', 'example.test/app:2'], labels: { from: 'option' } };
    const first = await record(options);
    const again = await record(options);
    expect(ran(first.events)).toHaveLength(3);
    expect(ran(again.events)).toEqual([]);
    expect(again.result.config.rootfs).toEqual(first.result.config.rootfs);
    expect(first.result.names).toEqual(['docker.io/library/app:latest', 'example.test/app:2']);
    expect(first.result.config.config?.Labels).toEqual({ from: 'option' });
    expect(first.result.metadata).toMatchObject({ 'containerimage.config.digest': first.result.imageId, 'image.name': 'docker.io/library/app:latest,example.test/app:2' });
  });

  test('a cached image is the same image, whenever it is built', async () => {
    const options = dockerfile(`${shell}RUN echo same > /same\nCMD ["sh"]\n`);
    const { imageId } = await builder.build(options);
    expect((await builder.build(options)).imageId).toBe(imageId);
  });

  test('--no-cache runs all, --no-cache-filter one stage and what needs it', async () => {
    await record(dockerfile(two));
    const all = await record({ ...dockerfile(two), noCache: true });
    expect(new Set(reasons(all.events))).toEqual(new Set(['asked for by --no-cache']));
    const one = await record({ ...dockerfile(two), noCacheFilter: ['other'] });
    expect(reasons(one.events)).toContain('asked for by --no-cache-filter other');
    expect(ran(one.events).every((name) => name.includes('other'))).toBe(true);
  });

  test('--target builds that stage and what it needs', async () => {
    const { events, result } = await record({ ...dockerfile(two), target: 'other', noCache: true });
    expect(ran(events).some((name) => name.includes('echo last'))).toBe(false);
    expect(result.config.rootfs.diff_ids).toHaveLength(2);
  });

  test('events: the graph, then every vertex begins, logs and ends', async () => {
    const { events } = await record({ ...dockerfile(`${shell}RUN echo out; echo err >&2\n`), noCache: true });
    expect(events[0]?.type).toBe('graph');
    const about = events.filter((event) => 'note' in event && event.note.name.includes('echo out'));
    expect(about.map(({ type }) => type)).toEqual(['missed', 'started', 'done']);
    const logs = events.flatMap((event) => (event.type === 'log' ? [`${event.stream}${event.data.toString()}`] : []));
    expect(logs.sort()).toEqual(['1out\n', '2err\n']);
    expect(events.map(({ at }) => at)).toEqual(events.map(({ at }) => at).sort((a, b) => a - b));
  });

  test('extra hosts are in /etc/hosts while programs run, and not in the image', async () => {
    const { events } = await record({ ...dockerfile(`${shell}RUN busybox grep db.test /etc/hosts\n`), extraHosts: ['db.test:10.1.2.3'] });
    expect(events.flatMap((event) => (event.type === 'log' ? [event.data.toString()] : [])).join('')).toMatch(/10\.1\.2\.3\s+db\.test/);
  });

  test('network none leaves the loopback only', async () => {
    const { events } = await record({ ...dockerfile(`${shell}RUN busybox ls /sys/class/net 2>/dev/null; busybox cat /proc/net/dev\n`), network: 'none' });
    const output = events.flatMap((event) => (event.type === 'log' ? [event.data.toString()] : [])).join('');
    expect(output.match(/^ *(\w+):/gm)?.map((name) => name.trim())).toEqual(['lo:']);
  });

  test('a foreign platform is refused before anything runs', async () => {
    const events: BuildEvent[] = [];
    const foreign = process.arch === 'arm64' ? 'linux/amd64' : 'linux/arm64';
    const build = builder.build({ ...dockerfile(`${shell}RUN true\n`), platform: foreign, onEvent: (event) => events.push(event) });
    await expect(build).rejects.toMatchObject({ code: 'UNSUPPORTED', range: { start: { line: 5 } } });
    expect(events).toEqual([]);
  });

  test('errors are printed with position and excerpt', async () => {
    const error: unknown = await builder.build(dockerfile('FROM scratch\nCOPY nothere /\n')).catch((thrown: unknown) => thrown);
    expect(formatError(error)).toMatch(/^Dockerfile:2:\d+: "nothere": not found\n2 \| COPY nothere \/\n {2}\| *\^/);
  });

  test('two builds of one store at once', async () => {
    const results = await Promise.all(['a', 'b'].map((name) => builder.build({ ...dockerfile(`${shell}RUN echo ${name} > /name\n`), noCache: true })));
    expect(new Set(results.map(({ imageId }) => imageId)).size).toBe(2);
  });

  test.each([
    ['RUN --network=host true', 'network.host', 'RUN '],
    ['RUN --security=insecure true', 'security.insecure', 'RUN '],
    ['RUN --device=v.test/c=n true', 'device=v.test/c=n', 'RUN '],
  ])('%s needs a grant', async (text, grant, before) => {
    const file = dockerfile(`${shell}RUN exit 9\n${text}\n`);
    const refused = { code: 'NOT_ALLOWED', message: `${grant} is not allowed`, hint: `grant it: --allow ${grant}`, range: { start: { column: before.length + 1 } } };
    await expect(builder.build(file)).rejects.toMatchObject(refused);
    await expect(builder.plan(file)).rejects.toMatchObject(refused);
    await expect(builder.build({ ...file, allow: [grant] })).rejects.toMatchObject({ code: 'STEP_FAILED' });
    await expect(builder.build({ ...file, allow: [grant.replace(/=.*/, '')] })).rejects.toMatchObject({ code: 'STEP_FAILED' });
  });

  test('a network of the whole build grants itself, and what nobody knows is no grant', async () => {
    await expect(builder.build({ ...dockerfile(`${shell}RUN --network=host true\n`), network: 'host' })).resolves.toMatchObject({ warnings: [] });
    await expect(builder.build({ ...dockerfile(shell), allow: ['network.hots'] })).rejects.toMatchObject({ code: 'USAGE', hint: 'did you mean network.host?' });
    await expect(builder.build({ ...dockerfile(shell), allow: ['security.insecure=x'] })).rejects.toMatchObject({ code: 'USAGE' });
  });

  test('mounts: a changed file that is not shown still hits, one that is shown misses by its name', async () => {
    const context = join(scratch.folder, 'mounted');
    mkdirSync(join(context, 'in'), { recursive: true });
    writeFileSync(join(context, 'in/f'), '1');
    const reasons = async (): Promise<readonly string[]> => {
      const found: string[] = [];
      const onEvent = (event: BuildEvent): void => void (event.type === 'missed' && event.note.name.includes('--mount') ? found.push(event.reason) : undefined);
      await builder.build({ ...dockerfile(`${shell}RUN --mount=from=extra,source=in,target=/in --mount=type=cache,target=/c true\n`), buildContexts: { extra: context }, onEvent });
      return found;
    };
    expect(await reasons()).toHaveLength(1);
    writeFileSync(join(context, 'other'), 'x');
    expect(await reasons()).toEqual([]);
    writeFileSync(join(context, 'in/f'), '2');
    expect(await reasons()).toEqual([expect.stringContaining('file in/f changed')]);
  });

  test('secrets of every kind reach the program, and a plan shows mounts', async () => {
    const file = dockerfile(`${shell}RUN --mount=type=secret,id=a,env=A --mount=type=secret,id=b,target=/b --mount=type=tmpfs,target=/t [ "$A-$(busybox cat /b)" = 1-2 ]\n`);
    await expect(builder.build({ ...file, secrets: { a: { value: '1' }, b: async () => '2' } })).resolves.toBeDefined();
    await expect(builder.build({ ...file, noCache: true, secrets: { get: async (id) => Buffer.from(id === 'a' ? '1' : '2') } })).resolves.toBeDefined();
    await expect(builder.build({ ...file, noCache: true })).rejects.toMatchObject({ code: 'STEP_FAILED' });
    const { steps } = await builder.plan({ ...file, noCache: true });
    expect(steps.at(-1)?.actions.slice(1)).toEqual(['show the secret a as A', 'show the secret b at /b', 'mount memory at /t']);
  });

  test('an abort ends a build within a second, and nothing is left', async () => {
    const abort = new AbortController();
    let asked = 0;
    const onEvent = (event: BuildEvent): void => {
      if (event.type !== 'log') return;
      asked = performance.now();
      abort.abort();
    };
    const build = builder.build({ ...dockerfile(`${shell}RUN echo up; busybox sleep 98765\n`), signal: abort.signal, onEvent });
    await expect(build).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(performance.now() - asked).toBeLessThan(1000);
    expect(sleepers('98765')).toEqual([]);
    expect(readFileSync('/proc/self/mounts', 'utf8')).not.toContain(scratch.folder);
    const leftInWork = readdirSync(join(scratch.store, 'tmp')).flatMap((lease) => readdirSync(join(scratch.store, 'tmp', lease)));
    expect(leftInWork.filter((name) => name !== 'lock')).toEqual([]);
  });
});

/** Processes with a word on their command line. */
function sleepers(word: string): readonly string[] {
  return readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && commandLine(pid).split('\0').includes(word));
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
