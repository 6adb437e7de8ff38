import { execFileSync } from 'node:child_process';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions } from '../build/build-options';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';

jest.setTimeout(60_000);

describeBuilds('secret arguments', () => {
  let scratch: Scratch;
  let builder: Builder;
  beforeAll(async () => {
    scratch = makeScratch();
    builder = await createBuilder({ store: scratch.store });
  });
  afterAll(async () => {
    await builder.close();
    scratch.remove();
  });

  const SECRET = 'sentinel-of-an-argument';
  const options = (text: string, more: BuildOptions = {}): BuildOptions => ({ context: scratch.context, dockerfile: { text: `${shell}${text}`, name: 'Dockerfile' }, secretArgs: { TOKEN: SECRET }, ...more });

  test('are variables of RUN, masked, and nowhere else', async () => {
    const events: string[] = [];
    const onEvent: BuildOptions['onEvent'] = (event) => void events.push(event.type === 'log' ? event.data.toString() : JSON.stringify(event));
    const text = `ARG TOKEN\nARG OTHER=\${TOKEN}\nENV A=a\nRUN test "$TOKEN" = ${SECRET.replace('-', '"-"')} && test "$OTHER" = "$TOKEN" && echo "it is $TOKEN"\n`;
    const { config, images, metadata } = await builder.build(options(text, { onEvent, tags: ['app'] }));
    const plan = await builder.plan(options(text));
    expect(events.join('')).toContain('it is ***');
    expect(JSON.stringify([events, config, images, metadata, plan])).not.toContain(SECRET);
    expect(JSON.stringify(config)).not.toContain('strake-secret-arg');
    expect(config.history?.at(-1)?.created_by).toMatch(/^RUN \|2 TOKEN=\*\*\* OTHER=\*\*\* \/bin\/sh -c test/);
    expect(execFileSync('sh', ['-c', `grep -rl ${SECRET} ${scratch.store} || true`]).toString()).toBe('');
    expect(plan.steps.map(({ cached }) => cached)).toEqual(plan.steps.map(() => true));
  });

  test('with another value the programs that have them run again, and only those', async () => {
    const cached = async (value: string): Promise<readonly boolean[]> => (await builder.plan(options('RUN echo before\nARG TOKEN\nRUN echo after\n', { secretArgs: { TOKEN: value } }))).steps.map((step) => step.cached).slice(-2);
    await builder.build(options('RUN echo before\nARG TOKEN\nRUN echo after\n', { secretArgs: { TOKEN: 'one' } }));
    expect([await cached('one'), await cached('two')]).toEqual([[true, true], [true, false]]);
  });

  test.each([
    ['ENV', 'ARG TOKEN\nENV T=$TOKEN\n', 6], ['a part of ENV', 'ARG TOKEN\nENV T=x${TOKEN}y\n', 6], ['LABEL', 'ARG TOKEN\nLABEL t=$TOKEN\n', 6], ['USER', 'ARG TOKEN\nUSER $TOKEN\n', 6],
    ['COPY', 'ARG TOKEN\nCOPY busybox /$TOKEN\n', 6], ['a file', 'ARG TOKEN\nCOPY <<E /f\n$TOKEN\nE\n', 6], ['a part of an argument', 'ARG TOKEN\nARG T=x$TOKEN\nRUN true\n', 7], ['WORKDIR', 'ARG TOKEN\nWORKDIR /$TOKEN\n', 6],
  ])('in %s are refused, with the place', async (_what, text, line) => {
    await expect(builder.build(options(text))).rejects.toMatchObject({ code: 'INVALID_ARGUMENTS', message: expect.stringContaining('the secret argument TOKEN cannot be used here') as unknown, range: { start: { line } } });
  });

  test('a piece of one is a piece of what stands for it, and refused or of no use', async () => {
    const { config } = await builder.build(options('ARG TOKEN\nENV T=${TOKEN:+given}\n'));
    expect(config.config?.Env).toContain('T=given');
  });

  test('are given once', async () => {
    await expect(builder.build(options('ARG TOKEN\n', { buildArgs: { TOKEN: 'x' } }))).rejects.toMatchObject({ code: 'USAGE' });
  });
});
