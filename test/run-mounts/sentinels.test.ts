import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { createBuilder, formatError, type BuildEvent, type BuildOptions, type Builder, type FailedStep, type LogFields } from 'strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { send, startServer } from '../server/start-server';
import { findWords } from './find-words';

const unmet = unmetNeed({ root: true, programs: ['busybox', 'crun', 'ssh-keygen', 'tar'] });
const newSentinel = (where: string): string => `sentinel-${where}-${randomBytes(12).toString('hex')}`;

/** One for each way in. */
const SENTINELS = { argument: newSentinel('argument'), file: newSentinel('file'), variable: newSentinel('variable'), value: newSentinel('value'), asked: newSentinel('asked'), environment: newSentinel('environment'), registry: newSentinel('registry') };

suite('sentinels of a whole build, by every way in', unmet, () => {
  let folder: string;
  let work: string;
  let builder: Builder;
  /** A line of the private key. */
  let key: string;
  const told: unknown[] = [];
  beforeAll(async () => {
    folder = makeFolder('sentinels');
    work = join(folder, 'outside');
    for (const path of ['outside', 'context', 'temporary']) mkdirSync(join(folder, path));
    writeFileSync(join(work, 'secret'), SENTINELS.file);
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(work, 'key')]);
    key = readFileSync(join(work, 'key'), 'utf8').split('\n')[2] ?? '';
    copyFileSync('/bin/busybox', join(folder, 'context', 'busybox'));
    builder = await open();
  });
  afterAll(async () => {
    await builder.close();
    await removeFolder(folder);
  });

  const open = (): Promise<Builder> => {
    const tell = (...words: readonly unknown[]): void => void told.push(words);
    const log = (message: string, fields: LogFields): void => tell(message, fields);
    return createBuilder({
      store: join(folder, 'store'), cwd: folder, env: { PATH: '/usr/bin:/bin:/usr/sbin:/sbin', TMPDIR: join(folder, 'temporary'), SECRET: SENTINELS.variable, OTHER: SENTINELS.environment },
      credentials: () => ({ username: 'me', password: SENTINELS.registry }),
      logger: { debug: log, info: log, warn: log, error: log },
      plugins: [{ name: 'listener', apply: ({ hooks }) => { hooks.event.tap('listener', (event) => tell('hook', event)); hooks.done.tap('listener', (end) => tell('done', end)); } }],
    });
  };

  const mounts = '--mount=type=secret,id=file --mount=type=secret,id=variable,env=V --mount=type=secret,id=value --mount=type=secret,id=asked --mount=type=ssh';
  const show = 'printf "%s %s\\n" "$TOKEN" "$V"; cat /run/secrets/file /run/secrets/value /run/secrets/asked; echo "$TOKEN$V" >&2; env';
  const base = 'FROM scratch\nCOPY --chmod=755 busybox /bin/sh\nCOPY --chmod=755 busybox /bin/cat\nCOPY --chmod=755 busybox /bin/env\nENV PATH=/bin\nARG TOKEN\n';
  const options = (text: string, more: BuildOptions = {}): BuildOptions => ({
    context: 'context', dockerfile: { text: `${base}${text}`, name: 'Dockerfile' }, secretArgs: { TOKEN: SENTINELS.argument },
    secrets: { file: { file: 'outside/secret' }, variable: { env: 'SECRET' }, value: { value: SENTINELS.value }, asked: async () => SENTINELS.asked },
    ssh: [{ id: 'default', paths: ['outside/key'] }], noCache: true,
    onEvent: (event: BuildEvent) => void told.push(event, event.type === 'log' ? event.data.toString() : ''), ...more,
  });

  /** What is in `text`, if anything. */
  const foundIn = (text: string): readonly string[] => [...Object.values(SENTINELS), key].filter((one) => text.includes(one) || text.includes(Buffer.from(one).toString('base64').slice(0, -4)));
  const toldNothing = (): void => expect(foundIn(told.map((one) => `${inspect(one, { depth: 20, maxStringLength: null, maxArrayLength: null })}${JSON.stringify(one)}`).join('\n'))).toEqual([]);

  /** Everything on the disk but what was put outside for it. */
  const filesWithSentinel = (): readonly string[] => findWords(folder, [...Object.values(SENTINELS), key], (path) => path === work);

  test('the test would find them: what a program writes itself is found', async () => {
    await builder.build(options(`RUN ${mounts} cat /run/secrets/file > /leak\n`, { outputs: [{ type: 'local', attributes: { dest: 'leak' } }] }));
    expect(filesWithSentinel().some((line) => line.includes(SENTINELS.file))).toBe(true);
    await builder.close();
    execFileSync('sh', ['-c', 'rm -rf leak store'], { cwd: folder });
    builder = await open();
    told.length = 0;
  });

  test('a build that succeeds, with its outputs, plan and explanations', async () => {
    const outputs = [
      { type: 'oci', attributes: { dest: 'oci.tar', compression: 'uncompressed' } }, { type: 'docker', attributes: { dest: 'docker.tar' } },
      { type: 'local', attributes: { dest: 'tree' } }, { type: 'tar', attributes: { dest: 'tree.tar' } },
    ];
    const text = `RUN ${mounts} ${show}\nRUN ${mounts} test -n "$TOKEN" && test -S "$SSH_AUTH_SOCK"\n`;
    const result = await builder.build(options(text, { outputs, tags: ['app'] }));
    told.push(result, await builder.plan(options(text, { noCache: false })), await builder.check(options(text)), await builder.outline(options(text)), await builder.images().get('app'));
    expect(told.some((one) => typeof one === 'string' && one.includes('*** ***'))).toBe(true);
    expect(existsSync(join(folder, 'tree/bin/sh'))).toBe(true);
    toldNothing();
    expect(filesWithSentinel()).toEqual([]);
  }, 60_000);

  test('a build that fails, with a look at what it left', async () => {
    const look = async (step: FailedStep): Promise<void> => {
      told.push(step, JSON.stringify(step), await step.exec(['/bin/sh', '-c', show]), await step.list('/run').catch(String), await step.keep(), await step.commit());
    };
    const error = await builder.build(options(`RUN ${mounts} ${show}; exit 4\n`, { onStepFailed: look })).catch((one: unknown) => one);
    expect(error).toMatchObject({ code: 'STEP_FAILED' });
    told.push(error, formatError(error), (error as Error).stack, (error as Error).cause);
    toldNothing();
    expect(filesWithSentinel()).toEqual([]);
  }, 60_000);

  test('refusals and cancellations', async () => {
    const stop = new AbortController();
    const failures = [
      builder.build(options('ENV LEAK=$TOKEN\n')), builder.build(options('RUN --mount=type=secret,id=none,required true\n')),
      builder.build(options('RUN --mount=type=secret,id=asked true\n', { secrets: { asked: () => Promise.reject(new Error('the vault is away')) } })),
      builder.build(options(`RUN ${mounts} ${show}; while :; do :; done\n`, { signal: stop.signal, onEvent: (event) => void (told.push(event), event.type === 'log' && stop.abort()) })),
    ];
    for (const result of await Promise.allSettled(failures)) {
      expect(result.status).toBe('rejected');
      if (result.status === 'rejected') told.push(result.reason, formatError(result.reason));
    }
    toldNothing();
    expect(filesWithSentinel()).toEqual([]);
  }, 60_000);

  test('the server: what clients prove themselves with', async () => {
    const started = await startServer({ logLevel: 'trace' }, { env: { PATH: '/usr/bin:/bin', OTHER: SENTINELS.environment } });
    try {
      const context = execFileSync('tar', ['-c', 'Dockerfile'], { cwd: started.folder, input: (writeFileSync(join(started.folder, 'Dockerfile'), 'FROM scratch\nWORKDIR /a\n'), '') });
      const headers = { 'content-type': 'application/x-tar', 'x-registry-config': Buffer.from(JSON.stringify({ 'a.test': { username: 'me', password: SENTINELS.registry } })).toString('base64') };
      const answer = await send(started.socket, { method: 'POST', path: '/build?t=app', headers }, context);
      expect(answer.body).toContain('Successfully built');
      expect(foundIn([JSON.stringify(answer), started.logs.join('')].join('\n'))).toEqual([]);
      expect(findWords(started.folder, Object.values(SENTINELS))).toEqual([]);
    } finally {
      await started.close();
    }
  }, 60_000);
});
