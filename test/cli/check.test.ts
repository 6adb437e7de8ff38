import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { run } from '@strake/cli';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'strake-check-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

async function strake(dockerfile: string, ...argv: string[]) {
  writeFileSync(join(folder, 'Dockerfile'), dockerfile);
  const written = { stdout: '', stderr: '' };
  const sink = (name: 'stdout' | 'stderr') => new PassThrough().on('data', (data) => (written[name] += String(data)));
  const terminal = { stdin: new PassThrough().end(dockerfile), stdout: sink('stdout'), stderr: sink('stderr'), env: {}, cwd: folder };
  const code = await run([...argv, '--store', join(folder, 'store'), '--offline', '.'], terminal, { signal: new AbortController().signal });
  return { code, ...written };
}

const file = (): string => readFileSync(join(folder, 'Dockerfile'), 'utf8');
const BAD = 'FROM scratch as a\nENV b c\nMAINTAINER me\n';

test('nothing found', async () => {
  expect(await strake('FROM scratch\n', 'check')).toEqual({ code: 0, stdout: 'Check complete, no warnings found.\n', stderr: '' });
});

test.each([['check'], ['build', '--check'], ['build', '--call=check']])('%s %s: what was found, as buildx prints it', async (...argv) => {
  expect(await strake('FROM scratch\n\nWORKDIR a\n', ...argv)).toEqual({
    code: 1,
    stderr: '',
    stdout: [
      'Check complete, 1 warning has been found!', '',
      'WARNING: WorkdirRelativePath - https://docs.docker.com/go/dockerfile/rule/workdir-relative-path/',
      'Relative workdir "a" can have unexpected results if the base image changes',
      'hint: begin the first WORKDIR of a stage with /',
      'Dockerfile:3', '--------------------', '   1 |     FROM scratch', '   2 |     ', '   3 | >>> WORKDIR a', '   4 |     ', '--------------------', '',
    ].join('\n'),
  });
});

test('ignorestatus', async () => {
  expect((await strake(BAD, 'build', '--call=check,ignorestatus=true')).code).toBe(0);
});

test('a base that is not to be had is no error', async () => {
  const { code, stdout, stderr } = await strake('FROM nowhere\nENV a=$b\n', 'check');
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'Check complete, no warnings found.\n' });
  expect(stderr).toContain('nowhere is not to be had, so what depends on it was not checked');
});

test('error=true, and an error of the file', async () => {
  const failed = await strake(`# check=error=true\n${BAD}`, 'check');
  expect(failed.code).toBe(1);
  expect(failed.stderr).toContain('lint violation found for rules: FromAsCasing, LegacyKeyValueFormat, MaintainerDeprecated');
  const refused = await strake(`${BAD}COPY --from=nothing:$ / /\n`, 'check');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/^Dockerfile:4:/m);
  expect(refused.stdout).toContain('WARNING: FromAsCasing');
});

test('JSON and SARIF', async () => {
  const json = JSON.parse((await strake(BAD, 'check', '--format', 'json')).stdout) as { readonly warnings: readonly { readonly ruleName: string }[] };
  expect(json.warnings.map(({ ruleName }) => ruleName)).toEqual(['FromAsCasing', 'LegacyKeyValueFormat', 'MaintainerDeprecated']);
  const sarif = JSON.parse((await strake(BAD, 'check', '--format=sarif')).stdout) as unknown;
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [{ results: [{
      ruleId: 'FromAsCasing', level: 'warning',
      locations: [{ physicalLocation: { artifactLocation: { uri: 'Dockerfile' }, region: { startLine: 1, startColumn: 14, endLine: 1, endColumn: 16 } } }],
      fixes: [{ artifactChanges: [{ replacements: [{ insertedContent: { text: 'AS' } }] }] }],
    }, { ruleId: 'LegacyKeyValueFormat' }, { ruleId: 'MaintainerDeprecated' }] }],
  });
});

test('--fix leaves the image as it is, and once is enough', async () => {
  const first = await strake(BAD, 'check', '--fix');
  expect(first.stderr).toContain('2 fixes made');
  expect(first.code).toBe(1);
  expect(file()).toBe('FROM scratch AS a\nENV b=c\nMAINTAINER me\n');
  expect((await strake(file(), 'check', '--fix')).stderr).toContain('0 fixes made');
  expect(file()).toBe('FROM scratch AS a\nENV b=c\nMAINTAINER me\n');
});

test('--fix --unsafe-fixes, and --dry-run', async () => {
  const shown = await strake(BAD, 'check', '--fix', '--unsafe-fixes', '--dry-run');
  expect(file()).toBe(BAD);
  expect(shown.stderr).toContain('@@ -1,3 +1,3 @@\n-FROM scratch as a\n-ENV b c\n-MAINTAINER me\n+FROM scratch AS a\n+ENV b=c\n+LABEL org.opencontainers.image.authors="me"\n3 fixes possible\n');
  expect(await strake(BAD, 'check', '--fix', '--unsafe-fixes')).toMatchObject({ code: 0, stdout: 'Check complete, no warnings found.\n' });
  expect(file()).toBe('FROM scratch AS a\nENV b=c\nLABEL org.opencontainers.image.authors="me"\n');
});

test('outline and targets', async () => {
  const text = '# a is first\nFROM scratch AS a\n# x says much\nARG x=1\nFROM a\n';
  expect((await strake(text, 'build', '--call=targets')).stdout).toBe('TARGET    DESCRIPTION\na         is first\n(default) \n');
  expect((await strake(text, 'build', '--call=outline', '--target=a')).stdout).toBe('TARGET:      a\nDESCRIPTION: is first\n\nBUILD ARG   VALUE   DESCRIPTION\nx           1       says much\n\n');
});

test.each([
  [['build', '--call=chekc'], 'there is no call "chekc"'],
  [['build', '--call=check,format=xml'], 'there is no format "xml"'],
  [['build', '--call=check', '--check'], 'give one of them'],
  [['check', '--dry-run'], '--dry-run goes with --fix only'],
  [['check', '--fix', '-f', '-'], 'the Dockerfile is no file that could be changed'],
])('%j is refused', async (argv, message) => {
  const { code, stderr } = await strake(BAD, ...argv);
  expect(code).toBe(2);
  expect(stderr).toContain(message);
});

test('a build warns of the same', async () => {
  const { stderr } = await strake('FROM scratch as a\nWORKDIR x\n', 'build', '--progress=plain');
  expect(stderr).toContain("WARN: FromAsCasing: 'as' and 'FROM' keywords' casing do not match (Dockerfile:1:14)");
});
