import { defineRule, PluginError, type RuleDefinition } from '@strake/api';
import { createRegistry, FactCollector, lowerDockerfile, parseDockerfile } from '@strake/core';
import { defaultPlugins } from 'strake';
import { checkFailed } from './check-failed';
import { fileOptions } from './file-options';
import { runRules } from './run-rules';
import type { CheckReport } from './violation';

const platform = { os: 'linux', architecture: 'amd64' };
const everything = (definition: Partial<RuleDefinition> = {}) => defineRule({
  name: 'Everything', description: 'finds everything',
  file: ({ file }) => [{ message: 'file', range: { file: file.file, start: { line: 1, column: 1 }, end: { line: 1, column: 2 } } }],
  node: ({ keyword }) => [{ message: `node ${keyword}` }],
  stage: ({ base }) => [{ message: `stage ${base}` }],
  instruction: ({ instruction: { keyword } }) => [{ message: `instruction ${keyword}` }],
  ...definition,
});

async function reportOf(text: string, rule = everything(), buildArgs: Readonly<Record<string, string>> = {}): Promise<CheckReport> {
  const instructions = defaultPlugins.filter(({ name }) => !name.startsWith('rule-'));
  const registry = [...instructions, rule].reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax });
  const facts = new FactCollector();
  await lowerDockerfile(file, {
    registry, facts, platform, buildPlatform: platform, buildArgs, labels: {}, namedContexts: new Set(), signal: new AbortController().signal,
    resolveImage: async () => Promise.reject(new Error('no images here')),
  });
  return runRules(facts.facts(file, platform), registry.rules, fileOptions(file, buildArgs));
}

const messages = ({ violations }: CheckReport): readonly string[] => violations.map(({ about, message }) => `${about.start.line} ${message}`);

test('every hook, by place', async () => {
  expect(messages(await reportOf('ARG a\nFROM scratch AS x\nENV a=b\nFROM scratch\nUSER u'))).toEqual([
    '1 file', '1 node ARG', '2 node FROM', '2 stage scratch', '3 node ENV', '4 node FROM', '4 stage scratch', '5 node USER', '5 instruction USER',
  ]);
});

test('a comment above an instruction', async () => {
  expect(messages(await reportOf('FROM scratch\n# check=skip=Everything // because\nENV a=b\n#check = skip=all\nUSER u\n# check=skip=Other\nUSER v'))).toEqual([
    '1 file', '1 node FROM', '1 stage scratch', '7 node USER', '7 instruction USER',
  ]);
});

test('the first such comment counts, and one that cannot be read does not', async () => {
  const { violations, notes } = await reportOf('FROM scratch\n# check=skip\n# check=skip=all\nENV a=b');
  expect(violations).toHaveLength(5);
  expect(notes).toEqual([expect.objectContaining({ message: 'the check options in the comment above do not count: invalid check option "skip"', range: expect.objectContaining({ start: { line: 4, column: 1 } }) as unknown })]);
});

test('names that no rule has', async () => {
  const { notes } = await reportOf('# check=skip=Evrything\nFROM scratch\n# check=skip=Nothing\nENV a=b');
  expect(notes.map(({ message, hint, range }) => [range?.start.line, message, hint])).toEqual([
    [1, 'there is no check rule Evrything', 'did you mean Everything?'], [4, 'there is no check rule Nothing', undefined],
  ]);
});

test('options that are cut short by a blank', async () => {
  const { notes } = await reportOf('# check=skip=Everything, All\nFROM scratch');
  expect(notes.map(({ message }) => message)).toEqual(['what follows the blank in the check options does not count']);
});

test('experimental rules', async () => {
  const experimental = everything({ experimental: true });
  expect((await reportOf('FROM scratch', experimental)).violations).toEqual([]);
  expect((await reportOf('# check=experimental=Everything;skip=all\nFROM scratch', experimental)).violations).toHaveLength(3);
  expect(messages(await reportOf('FROM scratch\n# check=experimental=all\nUSER u', experimental))).toEqual(['3 node USER', '3 instruction USER']);
});

test('error=true', async () => {
  const report = await reportOf('# check=error=true\nFROM scratch');
  expect(report.violations[0]?.severity).toBe('error');
  expect(checkFailed(report)).toMatchObject({ code: 'CHECK_FAILED', message: 'lint violation found for rules: Everything', range: { start: { line: 1 } } });
  expect(checkFailed(await reportOf('FROM scratch'))).toBeUndefined();
  expect(checkFailed(await reportOf('# check=error=true;skip=Everything\nFROM scratch'))).toBeUndefined();
});

test('the build argument takes the place of the directive', async () => {
  expect((await reportOf('# check=skip=all\nFROM scratch', everything(), { BUILDKIT_DOCKERFILE_CHECK: 'error=true' })).error).toBe(true);
  await expect(reportOf('FROM scratch', everything(), { BUILDKIT_DOCKERFILE_CHECK: 'x' })).rejects.toMatchObject({ code: 'USAGE', message: 'failed to parse BUILDKIT_DOCKERFILE_CHECK: invalid check option "x"' });
});

test('a malformed directive', async () => {
  await expect(reportOf('# check=x\nFROM scratch')).rejects.toMatchObject({ code: 'DOCKERFILE_SYNTAX', message: 'failed to parse check options: invalid check option "x"', range: { start: { line: 1, column: 1 } } });
});

test('a rule that fails is named', async () => {
  const failing = everything({ instruction: () => { throw new Error('oops'); } });
  await expect(reportOf('FROM scratch\nUSER u', failing)).rejects.toThrow(PluginError);
  await expect(reportOf('FROM scratch\nUSER u', failing)).rejects.toMatchObject({ message: 'rule-Everything failed in Everything: oops', range: { start: { line: 2 } } });
});
