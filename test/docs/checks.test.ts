import type { IgnoreFacts, RuleDefinition } from '@strake/api';
import { Ignore } from '@strake/context';
import { createRegistry, FactCollector, lowerDockerfile, parseDockerfile } from '@strake/core';
import { fileOptions, runRules } from '@strake/checks';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { createBuilder, defaultPlugins, type Plugin } from 'strake';

const folder = join(__dirname, '../../docs/checks');
const registry = defaultPlugins.reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
const rules: readonly RuleDefinition[] = registry.rules.map(({ definition }) => definition);
const platform = { os: 'linux', architecture: 'amd64' };
const digest = `sha256:${'1'.repeat(64)}` as const;

/** The rules that a file violates. Every image is there; one is for another platform. */
async function violated(text: string, buildArgs: Readonly<Record<string, string>>, ignore: IgnoreFacts | undefined): Promise<readonly string[]> {
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax });
  const facts = new FactCollector();
  await lowerDockerfile(file, {
    registry, facts, platform, buildPlatform: platform, buildArgs, labels: {}, namedContexts: new Set(), signal: new AbortController().signal, allStages: true,
    resolveImage: async (reference) => {
      const architecture = reference === 'example/arm-only' ? 'arm64' : 'amd64';
      return { reference: `${reference}@${digest}`, digest, platform, config: { os: 'linux', architecture, config: {}, rootfs: { type: 'layers', diff_ids: [digest] }, history: [] } };
    },
  });
  return runRules(facts.facts(file, platform, ignore), registry.rules, fileOptions(file, {})).violations.map(({ code }) => code);
}

test('there are rules', () => expect(rules).toHaveLength(22));

test('the index lists every page, and no page is about a rule that is gone', () => {
  const names = rules.map(({ name }) => name);
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/^\| \[(\w+)\]\((.*?)\)/gm)].map(([, name, path]) => [name, path]);
  expect(listed).toEqual(names.map((name) => [name, `${name}.md`]));
  expect(readdirSync(folder).sort()).toEqual([...names.map((name) => `${name}.md`), 'AUTHORS.md', 'README.md'].sort());
});

describe.each(rules.map((rule) => [rule.name, rule] as const))('%s', (name, { experimental }) => {
  const path = join(folder, `${name}.md`);
  const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
  const [bad = '', good = ''] = [...text.matchAll(/```dockerfile\n([^]*?)```/g)].map(([, code = '']) => code);
  const buildArgs = Object.fromEntries([...text.matchAll(/--build-arg (\w+)=([^\s`]+)/g)].map(([, key = '', value = '']) => [key, value]));
  const [, hidden] = /```text\n([^]*?)```/.exec(text) ?? [];
  const ignore = hidden === undefined ? undefined : new Ignore(hidden, '.dockerignore');

  test('has its headings', () => {
    const headings = text.replace(/```[^]*?```/g, '').match(/^#+ .*$/gm);
    expect(headings).toEqual([`# ${name}`, '## Why', '## Violates', '## Keeps', '## What to do']);
    expect(text).toContain(experimental === true ? `# check=experimental=${name}` : `# check=skip=${name}`);
  });

  test('its bad example violates it and nothing else', async () => {
    expect([...new Set(await violated(bad, buildArgs, ignore))]).toEqual([name]);
  });

  test('its good example violates nothing', async () => {
    expect(await violated(good, buildArgs, ignore)).toEqual([]);
  });
});

test('the example for authors does what its page says', async () => {
  const [code = '', config = ''] = [...readFileSync(join(folder, 'AUTHORS.md'), 'utf8').matchAll(/```ts\n([^]*?)```/g)].map(([, piece = '']) => piece);
  expect(config).toContain('plugins: [pinnedBase]');
  const scratch = mkdtempSync(join(tmpdir(), 'strake-rule-'));
  try {
    const script = code.replace(/import (\{.*\}) from '@strake\/api';/, "const $1 = require('@strake/api');").replace('export const', 'exports.pinnedBase =').replace('= pinnedBase =', '=');
    writeFileSync(join(scratch, 'Dockerfile'), '# check=error=true\nFROM debian\nFROM debian:12\n');
    const exports: { pinnedBase?: Plugin } = {};
    // The page is the source: what it shows is what runs.
    runInNewContext(script, { exports, require: (): unknown => jest.requireActual('@strake/api') });
    const builder = await createBuilder({ store: join(scratch, 'store'), plugins: exports.pinnedBase === undefined ? [] : [exports.pinnedBase] });
    const { violations, error } = await builder.check({ context: scratch, offline: true });
    await builder.close();
    expect(violations.map(({ code: rule, message, range }) => [rule, message, `${range.start.line}:${range.start.column}`])).toEqual([['PinnedBase', 'debian changes whenever its publisher wants', '2:6']]);
    expect(error?.message).toBe('lint violation found for rules: PinnedBase');
  } finally {
    rmSync(scratch, { recursive: true });
  }
});
