import { deepStrictEqual, strictEqual } from 'node:assert';
import { OperatorError, type IgnoreFacts, type Platform, type Plugin, type ResolvedImage, type RulePlugin } from '@strake/api';
import { applyFixes, parseCheckOptions, runRules, type Violation } from '@strake/checks';
import { createRegistry, FactCollector, lowerDockerfile, parseDockerfile } from '@strake/core';
import type { TestFunction } from './instruction-test';

/** A Dockerfile and what a rule says of it. */
export interface RuleRow {
  /** The file itself by default. */
  readonly name?: string;
  readonly text: string;
  /** `line:column message`, by place; empty when there is nothing to say. */
  readonly expected: readonly string[];
  /** The file after the rule's fixes were made; without it the rule must offer none. */
  readonly fixed?: string;
  readonly buildArgs?: Readonly<Record<string, string>>;
  /** Images that are to be had, with what tests need of their configs; all others are missing. */
  readonly images?: Readonly<Record<string, { readonly env?: readonly string[]; readonly shell?: readonly string[]; readonly architecture?: string }>>;
  /** Patterns of an ignore file without wildcards: a path and what is below it. */
  readonly ignore?: readonly string[];
}

/** What a rule is tested with. */
export interface RuleSpec {
  /** The instructions of the files: `defaultPlugins` of the package `strake`, say. */
  readonly instructions: readonly Plugin[];
  readonly rows: readonly RuleRow[];
}

const platform: Platform = { os: 'linux', architecture: 'amd64' };

/**
 * Tests a rule by a table, and holds it to the laws of rules: same file, same findings; findings are plain data that
 * survives JSON; places lie within the file; a fixed file does not violate the rule, and fixing it again changes nothing.
 */
export function ruleTest(rule: RulePlugin, { instructions, rows }: RuleSpec, test: TestFunction): void {
  for (const row of rows) {
    const name = row.name ?? JSON.stringify(row.text);
    const check = (text: string) => violationsOf(rule, instructions, row, text);
    test(`${name}: what is said`, async () => deepStrictEqual((await check(row.text)).map(brief), row.expected));
    test(`${name}: holds to the laws`, async () => holdToLaws(row.text, await check(row.text), await check(row.text)));
    test(`${name}: is fixed`, async () => {
      const found = await check(row.text);
      const fixes = found.flatMap(({ fix }) => fix ?? []);
      const { source } = applyFixes(row.text, fixes);
      strictEqual(source, row.fixed ?? row.text);
      if (fixes.length === 0) return;
      deepStrictEqual((await check(source)).filter(({ fix }) => fix !== undefined).map(brief), []);
    });
  }
}

const brief = ({ range: { start }, message }: Violation): string => `${start.line}:${start.column} ${message}`;

/** What one rule says of a text, all stages lowered, experimental rules included. */
async function violationsOf(rule: RulePlugin, instructions: readonly Plugin[], row: RuleRow, text: string): Promise<readonly Violation[]> {
  const others = instructions.filter(({ name }) => !name.startsWith('rule-'));
  const registry = [...others, rule].reduce((all, plugin) => all.use(plugin), createRegistry()).freeze();
  const file = parseDockerfile(text, { file: 'Dockerfile', syntax: registry.syntax });
  const facts = new FactCollector();
  await lowerDockerfile(file, {
    registry, facts, platform, buildPlatform: platform, buildArgs: row.buildArgs ?? {}, labels: {}, namedContexts: new Set(),
    signal: new AbortController().signal, allStages: true, onMissingImage: () => undefined,
    resolveImage: async (reference) => imageOf(reference, row),
  });
  return runRules(facts.facts(file, platform, ignoreOf(row)), registry.rules, parseCheckOptions('experimental=all')).violations;
}

function imageOf(reference: string, { images = {} }: RuleRow): ResolvedImage {
  const image = images[reference];
  if (image === undefined) throw new OperatorError('IMAGE_MISSING', `no image ${reference}`);
  const { env = [], shell, architecture = 'amd64' } = image;
  const digest = `sha256:${'1'.repeat(64)}` as const;
  const config = { Env: env, ...(shell === undefined ? {} : { Shell: shell }) };
  return { reference: `${reference}@${digest}`, digest, platform, config: { os: 'linux', architecture, config, rootfs: { type: 'layers', diff_ids: [digest] }, history: [] } };
}

function ignoreOf({ ignore }: RuleRow): IgnoreFacts | undefined {
  if (ignore === undefined) return undefined;
  return { file: '.dockerignore', patterns: ignore, ignores: (path) => ignore.some((pattern) => path === pattern || path.startsWith(`${pattern}/`)) };
}

function holdToLaws(text: string, first: readonly Violation[], second: readonly Violation[]): void {
  deepStrictEqual(second, first, 'the same file gives the same findings');
  deepStrictEqual(JSON.parse(JSON.stringify(first)), first, 'findings are plain data');
  const lines = text.split('\n').length;
  for (const { range, about, code } of first) {
    for (const { start, end } of [range, about]) {
      if (start.line < 1 || end.line > lines || end.line < start.line) throw new Error(`${code}: ${start.line} to ${end.line} is not within the file`);
    }
  }
}
