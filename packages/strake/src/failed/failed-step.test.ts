import { createBuilder, type Builder } from '../builder/create-builder';
import type { BuildOptions } from '../build/build-options';
import { describeBuilds, makeScratch, shell, type Scratch } from '../test-support/scratch';
import type { FailedStep, StepFailedHandler } from './failed-step';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';

jest.setTimeout(60_000);

describeBuilds('a step that failed', () => {
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

  const applets = 'RUN busybox ln -s /bin/busybox /bin/cat && for name in mkdir chmod ls id env; do /bin/busybox ln -s /bin/busybox /bin/$name; done\n';
  const options = (text: string, onStepFailed?: StepFailedHandler, more: BuildOptions = {}): BuildOptions => ({
    context: scratch.context, dockerfile: { text: `${shell}${applets}${text}`, name: 'Dockerfile' }, ...(onStepFailed === undefined ? {} : { onStepFailed }), ...more,
  });
  /** The error that the build ends with. */
  const failing = async (...given: Parameters<typeof options>): Promise<unknown> => builder.build(options(...given)).then(() => undefined, (error: unknown) => error);
  const STEP_FAILED = { code: 'STEP_FAILED', exitCode: 3 };

  test('can be looked at: programs, files, directories; then the build fails as ever', async () => {
    const seen: unknown[] = [];
    const look = async (step: FailedStep): Promise<void> => {
      const { name, stage, args, cwd, user, exitCode, range } = step;
      seen.push({ name, stage, args, cwd, user, exitCode, line: range?.start.line });
      seen.push(await step.exec(['/bin/sh', '-c', 'echo $V in $PWD; cat made; echo oops >&2; exit 5']));
      await step.exec(['/bin/sh', '-c', 'cat > /given'], { stdin: 'from outside' });
      seen.push((await step.read('/given')).toString(), (await step.read('made')).toString());
      seen.push((await step.list('/work')).map(({ name: file, type, mode, size, target }) => ({ file, type, mode, size, target })));
      const stdout = new PassThrough();
      await step.exec(['env'], { env: { V: 'other', W: 'w' }, cwd: '/', user: '7', stdout });
      seen.push(String(stdout.read()).split('\n').filter((line) => /^[VW]=/.test(line)));
    };
    const text = 'ENV V=v\nWORKDIR /work\nUSER 0\nRUN echo made > made && echo made > /made && busybox ln -s /made link && chmod 600 made && exit 3\n';
    expect(await failing(text, look)).toMatchObject({ ...STEP_FAILED, range: { start: { line: 9 } } });
    expect(seen).toEqual([
      { name: expect.stringContaining('RUN echo made'), stage: expect.any(String) as string, args: ['/bin/sh', '-c', expect.stringContaining('exit 3')], cwd: '/work', user: '0', exitCode: 3, line: 9 },
      { exitCode: 5, stdout: 'v in /work\nmade\n', stderr: 'oops\n' },
      'from outside', 'made\n',
      [{ file: 'link', type: 'symlink', mode: 0o777, size: 5, target: '/made' }, { file: 'made', type: 'file', mode: 0o600, size: 5 }],
      ['V=other', 'W=w'],
    ]);
  });

  test('has the mounts of the program while another one runs, and only then', async () => {
    const seen: unknown[] = [];
    const mounts = '--mount=type=secret,id=s --mount=type=secret,id=s,env=S --mount=type=cache,target=/c --mount=type=bind,target=/b';
    const look = async (step: FailedStep): Promise<void> => {
      seen.push(step.mounts.map(({ type, target }) => `${type} ${target}`));
      seen.push((await step.exec(['/bin/sh', '-c', 'cat /run/secrets/s; echo; echo $S; cat /c/cached; ls /b/busybox; test "$S" = sentinel && echo right'])).stdout);
      seen.push(await step.read('/run/secrets/s').catch((error: unknown) => error));
      seen.push(JSON.stringify(step).includes('sentinel'));
      await step.commit({ tags: ['state'] });
    };
    await failing(`RUN ${mounts} echo kept > /c/cached; exit 3\n`, look, { secrets: { s: { value: 'sentinel' } } });
    expect(seen).toEqual([['bind /b', 'cache /c', 'secret /run/secrets/s'], '***\n***\nkept\n/b/busybox\nright\n', expect.objectContaining({ code: 'SOURCE_MISSING' }), false]);
    expect(execFileSync('sh', ['-c', `grep -rl sentinel ${scratch.store} || true`]).toString()).toBe('');
  });

  test('becomes an image to go on from, and nothing else is left', async () => {
    const made: string[] = [];
    const look = async (step: FailedStep): Promise<void> => {
      await step.exec(['/bin/sh', '-c', 'echo later > /later']);
      made.push(...(await step.commit({ tags: ['failed:1'] })).names, await step.keep());
    };
    expect(await failing('WORKDIR /work\nRUN echo made > made; exit 3\n', look)).toMatchObject(STEP_FAILED);
    expect(made).toEqual(['docker.io/library/failed:1', expect.stringMatching(/^docker\.io\/library\/strake-failed:[0-9a-f]{12}$/)]);
    for (const name of made) {
      const { config } = await builder.build({ context: { files: { Dockerfile: `FROM ${name}\nRUN test "$(cat made /later)" = "made\nlater"\n`.replace('"made\nlater"', '"$(echo made; echo later)"') } } });
      expect(config.config).toMatchObject({ WorkingDir: '/work' });
    }
    expect(await failing('WORKDIR /work\nRUN echo made > made; exit 3\n')).toMatchObject(STEP_FAILED);
    expect(readdirSync(join(scratch.store, 'tmp'))).toHaveLength(1);
  });

  test('is gone when the handler has returned; what the handler throws is a warning', async () => {
    let kept: FailedStep | undefined;
    const warnings: string[] = [];
    const onEvent: BuildOptions['onEvent'] = (event) => void (event.type === 'warning' && warnings.push(event.diagnostic.message));
    const look = (step: FailedStep): void => {
      kept = step;
      throw new Error('no idea');
    };
    expect(await failing('RUN exit 3\n', look, { onEvent })).toMatchObject(STEP_FAILED);
    await expect(kept?.exec(['true'])).rejects.toMatchObject({ code: 'USAGE' });
    expect(warnings).toEqual(['onStepFailed failed: no idea']);
  });

  test('ends with a build that is cancelled, whatever the handler does', async () => {
    const stop = new AbortController();
    const ended: unknown[] = [];
    const look = async (step: FailedStep): Promise<void> => {
      const running = step.exec(['/bin/sh', '-c', 'while :; do :; done']);
      stop.abort();
      ended.push(await running.catch((error: { code?: string }) => error.code));
      await new Promise(() => undefined);
    };
    expect(await failing('RUN exit 3\n', look, { signal: stop.signal })).toMatchObject({ code: 'CANCELLED' });
    expect(ended).toEqual(['CANCELLED']);
  });

  test('a program of it ends by its own signal, and others go on', async () => {
    const seen: unknown[] = [];
    const look = async (step: FailedStep): Promise<void> => {
      const stop = new AbortController();
      const stdout = new PassThrough().once('data', () => stop.abort());
      seen.push(await step.exec(['/bin/sh', '-c', 'echo begun; while :; do :; done'], { signal: stop.signal, stdout }).catch((error: { code?: string }) => error.code));
      seen.push((await step.exec(['/bin/sh', '-c', 'echo more'])).stdout);
    };
    expect(await failing('RUN exit 3\n', look)).toMatchObject(STEP_FAILED);
    expect(seen).toEqual(['CANCELLED', 'more\n']);
  });

  test('paths do not leave the tree; what is no file or too long is refused', async () => {
    const seen: unknown[] = [];
    const codeOf = (work: Promise<unknown>): Promise<unknown> => work.then(() => 'read', (error: { code?: string }) => error.code);
    const look = async (step: FailedStep): Promise<void> => {
      for (const path of ['/etc/hostname', '../../../../etc/passwd', '/out', '/pipe', '/none', '/work']) seen.push(await codeOf(step.read(path)));
      seen.push(await codeOf(step.read('/bin/busybox', { limit: 10 })), await codeOf(step.list('/bin/busybox')), await codeOf(step.exec([])));
    };
    await failing('WORKDIR /work\nRUN busybox ln -s /etc/passwd /out && busybox mkfifo /pipe && exit 3\n', look);
    expect(seen).toEqual(['SOURCE_MISSING', 'SOURCE_MISSING', 'SOURCE_MISSING', 'USAGE', 'SOURCE_MISSING', 'USAGE', 'USAGE', 'USAGE', 'USAGE']);
  });

  test('of two only the first is shown, where the build then ends', async () => {
    const seen: string[] = [];
    const text = 'FROM scratch AS a\nCOPY busybox /bin/sh\nRUN exit 3\nFROM scratch AS b\nCOPY busybox /bin/sh\nRUN exit 3\nFROM scratch\nCOPY --from=a / /\nCOPY --from=b / /\n';
    const look = async ({ name, exec }: FailedStep): Promise<void> => void (seen.push(name), await exec(['/bin/sh', '-c', ':']));
    await expect(builder.build({ context: scratch.context, dockerfile: { text, name: 'Dockerfile' }, onStepFailed: look })).rejects.toMatchObject(STEP_FAILED);
    expect(seen.length).toBe(1);
  });
});
