// The benchmark: `npm run bench -- [--runs 5] [--only TEXT] [--with strake,buildah,classic,buildx,served,newest-classic]`. Root and an otherwise idle machine; not part of `npm test`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { baseImages } from '../bases/bases';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { type Contestant, contestants } from './contestants';
import { type Cost, measure, median } from './measure';
import { type State, type Work, works } from './works';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    only: { type: 'string', default: '' },
    with: { type: 'string', default: Object.keys(contestants).join(',') },
  },
});
const runs = Number(values.runs);

async function main(): Promise<void> {
  const folder = makeFolder('bench');
  const started: Contestant[] = [];
  try {
    const bases = await baseImages();
    for (const name of values.with.split(',')) {
      const candidate = contestants[name];
      const unmet = candidate === undefined ? 'no such builder' : candidate.unmet();
      if (candidate === undefined || unmet !== undefined) print(`left out: ${name}: ${unmet}`);
      else started.push(await candidate.start(bases.filter((base) => base.name === 'example.test/base:1')));
    }
    print(`\nMedians of ${runs}: seconds on the clock (CPU seconds of client and daemon).\n`);
    print(`| work | ${started.map(({ name }) => name).join(' | ')} |\n| --- |${' ---: |'.repeat(started.length)}`);
    for (const [index, work] of works.entries()) if (work.name.includes(values.only)) await race(work, join(folder, `work${index}`), started);
  } finally {
    for (const contestant of started) await contestant.close();
    await removeFolder(folder);
  }
}

async function race(work: Work, folder: string, started: readonly Contestant[]): Promise<void> {
  mkdirSync(folder);
  work.prepare(folder);
  // Not measured: fills every cache, and the page cache.
  for (const contestant of started) await build(contestant, folder, false);
  for (const state of work.states) {
    const costs = new Map<string, Cost[]>(started.map(({ name }) => [name, []]));
    await repeat(state, folder, started, costs);
    print(`| ${work.name}, ${state.name} | ${started.map(({ name }) => cell(costs.get(name) ?? [])).join(' | ')} |`);
  }
}

/** Paired: in each repetition every builder has its turn, the first one moving on, so that what a noisy machine does hits all alike. */
async function repeat(state: State, folder: string, started: readonly Contestant[], costs: ReadonlyMap<string, Cost[]>): Promise<void> {
  for (let run = 0; run < runs; run++) {
    state.change?.(folder, run);
    const order = started.map((_, index) => started[(index + run) % started.length]);
    for (const contestant of order) if (contestant !== undefined) costs.get(contestant.name)?.push(await build(contestant, folder, state.name === 'cold'));
  }
}

function build(contestant: Contestant, context: string, noCache: boolean): Promise<Cost> {
  return measure(contestant.command(context, noCache), contestant.daemon, { env: contestant.env });
}

function cell(costs: readonly Cost[]): string {
  const digits = (seconds: number): string => seconds.toFixed(seconds < 1 ? 3 : seconds < 10 ? 2 : 1);
  return `${digits(median(costs.map(({ wall }) => wall)))} (${digits(median(costs.map(({ cpu }) => cpu)))})`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? String(error.stack) : String(error)}\n`);
  process.exitCode = 1;
});
