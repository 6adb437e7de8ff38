// Builds random Dockerfiles by the newest BuildKit and by strake: `npm run generate -- --seed N --count M [--kind valid|broken|both] [--jobs 2] [--skip TEXT]`. Every other build has a mistake in it.
import { parseArgs } from 'node:util';
import { baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { startBuilder } from '../builders/reference-builder';
import { startStrakeLibrary } from '../builders/strake-library';
import { runPool } from '../differential/run-pool';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { type Agreement, agreementOn, signatureOf } from './agreement';
import { growBrokenBuild } from './break-build';
import { describeBuild, type GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';
import { shrink } from './shrink';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: '1' },
    count: { type: 'string', default: '100' },
    kind: { type: 'string', default: 'both' },
    jobs: { type: 'string', default: '2' },
    shrinks: { type: 'string', default: '120' },
  },
});

interface Totals {
  built: number;
  refused: number;
  differing: number;
}

async function main(): Promise<void> {
  const folder = makeFolder('generate');
  const started: Builder[] = [];
  try {
    const bases = await baseImages();
    for (const start of [() => startBuilder('buildkit'), startStrakeLibrary]) {
      const builder = await start();
      started.push(builder);
      await builder.load(bases);
    }
    const [reference, strake] = started;
    if (reference === undefined || strake === undefined) throw new TypeError('both builders are started');
    await generateAll([reference, strake], folder);
  } finally {
    for (const builder of started) await builder.close();
    await removeFolder(folder);
  }
}

async function generateAll(pair: readonly [Builder, Builder], folder: string): Promise<void> {
  const first = Number(values.seed);
  const seeds = Array.from({ length: Number(values.count) }, (_, index) => first + index);
  const totals: Totals = { built: 0, refused: 0, differing: 0 };
  const seen = new Map<string, number>();
  await runPool(seeds, Number(values.jobs), async (seed) => {
    const build = growSeed(seed);
    const agreement = await agreementOn(build, pair, folder).catch((error: unknown) => {
      throw new Error(`seed ${seed}\n${describeBuild(build)}`, { cause: error });
    });
    totals[agreement.expected.kind] += 1;
    if (agreement.differences.length === 0) return;
    totals.differing += 1;
    process.exitCode = 1;
    const signature = signatureOf(agreement);
    const times = (seen.get(signature) ?? 0) + 1;
    seen.set(signature, times);
    if (times > 1) return;
    const small = await shrink(build, async (smaller) => signatureOf(await agreementOn(smaller, pair, folder)) === signature, Number(values.shrinks));
    print(describeFailure(seed, small, await agreementOn(small, pair, folder)));
  });
  for (const [signature, times] of [...seen].sort(([, a], [, b]) => b - a)) print(`${times} x ${signature}`);
  print(`seeds ${first} to ${first + seeds.length - 1}: the reference built ${totals.built} and refused ${totals.refused}; strake differs in ${totals.differing}`);
}

function growSeed(seed: number): GeneratedBuild {
  const broken = values.kind === 'broken' || (values.kind === 'both' && seed % 2 === 1);
  return broken ? growBrokenBuild(seed) : growBuild(seed);
}

function describeFailure(seed: number, build: GeneratedBuild, { differences }: Agreement): string {
  const shown = differences.slice(0, 8).map(({ where, expected, actual }) => `  ${where}\n    expected ${clip(expected)}\n    actual   ${clip(actual)}`);
  return [`seed ${seed}:`, describeBuild(build), ...shown, ''].join('\n');
}

function clip(text: string): string {
  return text.length > 900 ? `…${text.slice(-900)}` : text;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? `${String(error.stack)}\n${String(error.cause)}` : String(error)}\n`);
  process.exitCode = 1;
});
