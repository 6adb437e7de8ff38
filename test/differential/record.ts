// Records what the newest BuildKit makes of new and changed cases: `npm run record [-- --only TEXT] [--all]`. Removes records of cases that are gone.
import { readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseImages } from '../bases/bases';
import { recordedBuilder, startBuilder } from '../builders/reference-builder';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { listCases } from './cases';
import { recordFolder, RecordedResults } from './recorded-results';
import { runCase } from './run-case';
import { runPool } from './run-pool';

const { values } = parseArgs({ options: { only: { type: 'string', default: '' }, all: { type: 'boolean', default: false }, jobs: { type: 'string', default: '2' } } });

async function main(): Promise<void> {
  removeStrays();
  const folder = makeFolder('record');
  const bases = await baseImages();
  const records = new RecordedResults(bases);
  const builder = recordedBuilder('buildkit') ?? '';
  const wanted = [...listCases('cases'), ...listCases('refused')].filter((definition) => definition.name.includes(values.only) && (values.all || records.find(definition, builder) === undefined));
  const buildkit = await startBuilder('buildkit');
  try {
    await buildkit.load(bases);
    await runPool(wanted, Number(values.jobs), async (definition) => {
      const [result] = await runCase(definition, [buildkit], folder);
      if (result === undefined) throw new TypeError('every builder gives a result');
      records.keep(definition, builder, result);
      process.stdout.write(`${definition.name}: ${result.kind}\n`);
    });
  } finally {
    await buildkit.close();
    await removeFolder(folder);
  }
}

function removeStrays(): void {
  for (const group of ['cases', 'refused'] as const) {
    const names = new Set(listCases(group).map(({ name }) => name));
    for (const file of readdirSync(join(recordFolder, group))) if (!names.has(basename(file, '.json'))) rmSync(join(recordFolder, group, file));
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
