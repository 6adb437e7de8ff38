import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { strakeUnmet } from '../builders/strake';
import { compareEdits } from './compare-edits';

/** `npm run plan:edits` does more. */
const count = Number(process.env['STRAKE_TEST_EDITS'] ?? 40);
const seed = Number(process.env['STRAKE_TEST_SEED'] ?? 1);

suite('a plan', unmetNeed({ root: true, programs: ['busybox'] }) ?? strakeUnmet(), () => {
  let folder = '';
  beforeAll(() => void (folder = makeFolder('plan')));
  afterAll(() => removeFolder(folder));

  it('foretells exactly the steps that the build makes, but for those of which it says that only building can tell', async () => {
    const { differences, steps, made, uncertain, uncertainMade, edits } = await compareEdits(folder, seed, count);
    if (process.env['STRAKE_TEST_EDITS'] !== undefined) process.stderr.write(`${edits} edits, ${steps} steps, ${made} made, ${uncertain} uncertain (${uncertainMade} of them made)\n`);
    expect(differences).toEqual([]);
    // Edits that change nothing, or everything, would show nothing.
    expect(made).toBeGreaterThan(steps / 20);
    expect(made).toBeLessThan(steps);
  }, 60_000 + count * 5000);
});
