// Compares real builders over the cases: `node scripts/run-ts.mjs test/differential/table.ts --builders buildkit,buildah [--group cases|refused] [--only TEXT] [--ignore history,layers]`.
import { parseArgs } from 'node:util';
import { baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { startBuilder } from '../builders/reference-builder';
import { startStrake } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { listCases } from './cases';
import { compareResults } from './compare-results';
import { unexplained } from './intended';
import { runCase } from './run-case';

const { values } = parseArgs({
  options: {
    builders: { type: 'string', default: 'buildkit,strake' },
    group: { type: 'string', default: 'cases' },
    only: { type: 'string', default: '' },
    ignore: { type: 'string', default: '' },
  },
});

async function main(): Promise<void> {
  const folder = makeFolder('table');
  const bases = await baseImages();
  const started: Builder[] = [];
  try {
    for (const name of values.builders.split(',')) {
      const builder = name === 'strake' ? await startStrake() : await startBuilder(name);
      started.push(builder);
      await builder.load(bases);
    }
    await compareAll(started, folder);
  } finally {
    for (const builder of started) await builder.close();
    await removeFolder(folder);
  }
}

async function compareAll(started: readonly Builder[], folder: string): Promise<void> {
  const ignored = values.ignore.split(',').filter(Boolean);
  const totals = started.map(() => 0);
  const definitions = listCases(values.group === 'refused' ? 'refused' : 'cases').filter((definition) => definition.name.includes(values.only));
  for (const definition of definitions) {
    const results = await runCase(definition, started, folder);
    const [reference] = results;
    if (reference === undefined) return;
    const cells = results.map((result, index) => {
      const differences = index === 0 ? [] : unexplained(compareResults(reference, result), definition.options.intended).filter(({ where }) => !ignored.some((part) => where.startsWith(part)));
      if (differences.length === 0) totals[index] = (totals[index] ?? 0) + 1;
      const line = result.kind === 'refused' ? ` line ${result.line ?? '-'}` : '';
      return { text: `${result.kind}${line}${index === 0 ? '' : `, ${differences.length} differences`}`, differences };
    });
    print(`| ${definition.name} | ${cells.map((cell) => cell.text).join(' | ')} |`);
    for (const { differences } of cells) for (const { where, expected, actual } of differences.slice(0, 12)) print(`    ${where}\n      expected ${clip(expected)}\n      actual   ${clip(actual)}`);
  }
  print(`agree: ${started.map((builder, index) => `${builder.name} ${totals[index]}/${definitions.length}`).join(', ')}`);
}

function clip(text: string): string {
  return text.length > 600 ? `…${text.slice(-600)}` : text;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
