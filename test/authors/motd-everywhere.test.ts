import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '@strake/cli';
import { createMemoryBackend, instructionTest, textAt, tarTree } from '@strake/testing';
import { build, createBuilder, defineRule, type Builder, type BuilderConfig, type BuildOptions } from 'strake';
import { motd } from '../../examples/custom-instruction/motd';
import { whyNotEmbedded } from '../conformance/embedded-subject';
import { suite } from '../engines/suite';
import { send, startServer } from '../server/start-server';

const example = join(__dirname, '../../examples/custom-instruction');

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'strake-motd-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function using<T>(config: BuilderConfig, work: (builder: Builder) => Promise<T>): Promise<T> {
  const builder = await createBuilder({ plugins: [motd], store: join(folder, 'store'), ...config });
  return work(builder).finally(() => builder.close());
}

const dockerfile = (text: string, more: Partial<BuildOptions> = {}): BuildOptions => ({ context: folder, dockerfile: { text, name: 'Dockerfile' }, ...more });

/** What the command prints, by the example's own configuration. */
async function strake(...argv: readonly string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const terminal = { stdin: new PassThrough().end(), stdout, stderr, env: { STRAKE_STORE: join(folder, 'store') }, cwd: folder };
  const code = await run(argv, terminal, { signal: new AbortController().signal });
  return { code, stdout: await text(stdout.end()), stderr: await text(stderr.end()) };
}

// The instruction itself, held to the laws.
instructionTest(motd, { lowers: [{ text: 'MOTD Hello, $NAME!', stage: { env: ['NAME=you'] }, expected: { ops: [{ type: 'mkfile', path: '/etc/motd', content: 'Hello, you!\n', mode: 0o644 }] } }] }, test);

suite('one instruction, on the embedded backend', whyNotEmbedded(), () => {
  /** The message that an image holds. */
  async function message(builder: Builder, options: BuildOptions): Promise<string | undefined> {
    const dest = join(folder, 'tree.tar');
    await builder.build({ ...options, outputs: [{ type: 'tar', attributes: { dest } }] });
    return textAt(await tarTree([execFileSync('cat', [dest])] as unknown as AsyncIterable<Buffer>), 'etc/motd');
  }

  test('is built, cached, keyed by its text, and planned as it is built', async () => {
    await using({}, async (builder) => {
      const seen: string[] = [];
      const onEvent: NonNullable<BuildOptions['onEvent']> = ({ type }) => void seen.push(type);
      expect(await message(builder, dockerfile('FROM scratch\nMOTD one', { onEvent }))).toBe('one\n');
      expect(await message(builder, dockerfile('FROM scratch\nMOTD one', { onEvent }))).toBe('one\n');
      expect(seen.filter((type) => type === 'missed' || type === 'cached')).toEqual(['missed', 'cached']);
      const [step] = (await builder.plan(dockerfile('FROM scratch\nMOTD two'))).steps;
      expect(step).toMatchObject({ cached: false, reason: expect.stringContaining('MOTD one'), actions: ['write /etc/motd (4 bytes)'] });
    });
  });

  test('is a trigger: ONBUILD MOTD runs where its image is a base', async () => {
    await using({}, async (builder) => {
      await builder.build(dockerfile('FROM scratch\nARG NAME\nONBUILD ARG NAME=nobody\nONBUILD MOTD for $NAME', { tags: ['base'] }));
      expect(await message(builder, dockerfile('FROM base', { buildArgs: { NAME: 'you' } }))).toBe('for you\n');
    });
  });

  test('is copied from, linked or not, by other stages', async () => {
    await using({}, async (builder) => {
      expect(await message(builder, dockerfile('FROM scratch AS one\nMOTD one\nFROM scratch\nCOPY --link --from=one /etc /etc'))).toBe('one\n');
    });
  });

  test('is served to Docker clients', async () => {
    const started = await startServer({}, { plugins: [motd] });
    try {
      writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch\nMOTD served\n');
      const tar = execFileSync('tar', ['-C', folder, '-c', 'Dockerfile']);
      const answer = await send(started.socket, { method: 'POST', path: '/v1.43/build?t=served', headers: { 'Content-Type': 'application/x-tar' } }, tar);
      expect(answer.body).toContain('Step 2/2 : MOTD served');
      expect(await message(started.builder, { ...dockerfile('FROM served'), pull: 'never' })).toBe('served\n');
    } finally {
      await started.close();
    }
  });

  test('is built by the command, by the configuration beside it, without a line more', async () => {
    for (const name of ['motd.ts', 'Dockerfile']) cpSync(join(example, name), join(folder, name));
    writeFileSync(join(folder, 'strake.config.json'), '{ "plugins": ["./motd"] }');
    expect(await strake('build', '-q', '.')).toMatchObject({ code: 0, stderr: '' });
    expect((await strake('plan', '.')).stdout).toContain('MOTD Hello, world!');
    expect((await strake('plugins')).stdout).toContain('  instruction-motd   from ./motd.ts\n    MOTD   writes the message of the day\n');
  });
});

describe('one instruction, without any engine', () => {
  test('on another backend', async () => {
    const backend = createMemoryBackend();
    const { imageId } = await build({ ...dockerfile('FROM scratch\nMOTD hello'), config: { plugins: [motd], backend: () => backend, store: join(folder, 'store') } });
    expect(imageId).toMatch(/^sha256:/);
    expect(backend.applied).toEqual(['[1/1] MOTD hello']);
  });

  test('is checked: rules see it, its mistakes have a place', async () => {
    const shout = defineRule({ name: 'QuietMotd', description: 'no shouting', node: (node) => (node.keyword === 'MOTD' && node.text.includes('!') ? [{ message: 'the message shouts' }] : []) });
    await using({ plugins: [motd, shout] }, async (builder) => {
      const { violations, error } = await builder.check(dockerfile('FROM scratch\nmotd hello!\nMOTD $UNSET', { offline: true }));
      expect(violations.map(({ code, range }) => [code, range.start.line])).toEqual(expect.arrayContaining([['QuietMotd', 2], ['UndefinedVar', 3], ['ConsistentInstructionCasing', 2]]));
      expect(error).toBeUndefined();
      await expect(builder.plan(dockerfile('FROM scratch\nMOTD --loud hello'))).rejects.toMatchObject({ code: 'UNKNOWN_FLAG', range: { start: { line: 2, column: 6 } } });
      await expect(builder.plan(dockerfile('FROM scratch\nMODT hello'))).rejects.toMatchObject({ code: 'UNKNOWN_INSTRUCTION', hint: 'did you mean MOTD?' });
    });
  });

  test('is described and completed', async () => {
    for (const name of ['motd.ts', 'strake.config.ts']) cpSync(join(example, name), join(folder, name));
    writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch AS greeting\nMOTD hello\n');
    const { stdout } = await strake('parse', 'Dockerfile');
    expect((JSON.parse(stdout) as { readonly instructions: readonly unknown[] }).instructions[1]).toMatchObject({ keyword: 'MOTD' });
    expect((await strake('__complete', '--', 'build', '--target', '')).stdout).toBe('greeting\n');
  });
});
