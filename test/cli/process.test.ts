import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { refusedFlags } from '../../packages/cli/src/build/refused-flags';
import { strakeCommand, strakeUnmet } from '../builders/strake';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';

const shell = 'FROM scratch\nCOPY busybox /bin/sh\nENV PATH=/bin\n';

suite('the process', strakeUnmet() ?? unmetNeed({ root: true, programs: ['busybox', 'bash'] }), () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'strake-process-'));
    copyFileSync('/bin/busybox', join(folder, 'busybox'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  function start(args: readonly string[]) {
    const [program = '', ...words] = strakeCommand;
    return spawn(program, [...words, '--store', join(folder, 'store'), ...args], { cwd: folder });
  }

  async function strake(args: readonly string[], input = '') {
    const child = start(args);
    child.stdin.end(input);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    return { code: child.exitCode, stdout, stderr };
  }

  test('builds a Dockerfile from standard input, prints the ID only, and writes it to files', async () => {
    const { code, stdout, stderr } = await strake(['build', '-q', '-f', '-', '--iidfile', 'id', '--metadata-file', 'metadata', '.'], 'FROM scratch\nWORKDIR /a\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(`${readFileSync(join(folder, 'id'), 'utf8')}\n`).toBe(stdout);
    expect(JSON.parse(readFileSync(join(folder, 'metadata'), 'utf8'))).toMatchObject({ 'containerimage.config.digest': stdout.trim() });
  }, 60_000);

  test('ends with what was made and what comes next', async () => {
    const { stderr } = await strake(['build', '-t', 'a:1', '-f', '-', '.'], 'FROM scratch\nWORKDIR /a\n');
    expect(stderr).toMatch(/image sha256:[0-9a-f]{64}\nnamed a:1\nnext: strake save a:1 \| docker load\n$/);
  }, 60_000);

  test('Ctrl-C ends it cleanly with 130', async () => {
    const child = start(['build', '-f', '-', '.']);
    child.stdin.end(`${shell}RUN echo up; sleep 87654\n`);
    let output = '';
    child.stderr.on('data', (data: Buffer) => {
      output += data.toString();
      if (/^#\d+ [\d.]+ up$/m.test(output)) child.kill('SIGINT');
    });
    await once(child, 'close');
    expect(child.exitCode).toBe(130);
    expect(output).toContain('cancelled');
  }, 60_000);

  test.each(Object.keys(refusedFlags))('--%s of docker build is refused by name', async (name) => {
    const { code, stderr } = await strake(['build', `--${name}${refusedFlags[name as keyof typeof refusedFlags].type === 'boolean' ? '' : '=x'}`, '.']);
    expect(code).toBe(2);
    expect(stderr).toContain(`--${name} is not supported yet`);
  }, 30_000);

  test.each([
    ['json', '{ "cache": "nope" }', 'there is no cache "nope"'],
    ['json', '{ "cashe": "none" }', 'did you mean cache?'],
    ['ts', 'export default { cache: "nope" as string };', 'there is no cache "nope"'],
    ['js', 'module.exports = { backend: "nope" };', 'there is no backend "nope"'],
    ['ts', 'export default {', 'cannot be loaded'],
  ])('a configuration in %s: %s', async (ending, source, message) => {
    const file = join(folder, `strake.config.${ending}`);
    writeFileSync(file, source);
    const { code, stderr } = await strake(['build', '-f', '-', '.'], 'FROM scratch\nWORKDIR /a\n');
    rmSync(file);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  }, 30_000);

  test('completes in bash', () => {
    const wrapper = join(folder, 'strake');
    writeFileSync(wrapper, `#!/bin/sh\nexec ${strakeCommand.join(' ')} "$@"\n`, { mode: 0o755 });
    const script = 'source <(strake completion bash); COMP_WORDS=(strake build --tar); COMP_CWORD=2; _strake; echo "${COMPREPLY[@]}"';
    expect(execFileSync('bash', ['-c', script], { encoding: 'utf8', env: { ...process.env, PATH: `${folder}:${process.env['PATH']}` } })).toBe('--target\n');
    expect(existsSync(wrapper)).toBe(true);
  }, 30_000);
});
