import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { strakeUnmet } from '../builders/strake';
import { compareEdits } from './compare-edits';
import { memorySubject, realSubject, type PlanSubject } from './subject';

/** `npm run plan:edits` does more, with several seeds. */
const given = process.env['STRAKE_TEST_EDITS'];
const seeds = (process.env['STRAKE_TEST_SEED'] ?? (given === undefined ? '1' : '1,2,3')).split(',').map(Number);

async function check(make: (folder: string) => Promise<PlanSubject>, seed: number, count: number): Promise<void> {
  const folder = makeFolder('plan');
  try {
    const { differences, ...figures } = await compareEdits(folder, await make(folder), seed, count);
    if (given !== undefined) process.stderr.write(`seed ${seed}: ${JSON.stringify(figures)}\n`);
    expect(differences).toEqual([]);
    // Edits that change nothing, or everything, would show nothing.
    expect(figures.made).toBeGreaterThan(figures.steps / 20);
    expect(figures.made).toBeLessThan(figures.steps);
    expect(figures.failed).toBeLessThan(count / 5);
  } finally {
    await removeFolder(folder);
  }
}

const name = 'foretells exactly the steps that the build makes, and why, but for those of which it says that only building can tell: seed %i';

describe('a plan, with programs and trees in memory', () => {
  const count = Number(given ?? 60);
  test.each(seeds)(name, (seed) => check(memorySubject, seed, count), 60_000 + count * 1000);
});

suite('a plan, with programs and trees of the machine', unmetNeed({ root: true, programs: ['busybox'] }) ?? strakeUnmet(), () => {
  const count = Number(given ?? 8);
  test.each(seeds)(name, (seed) => check(realSubject, seed, count), 60_000 + count * 5000);
});
