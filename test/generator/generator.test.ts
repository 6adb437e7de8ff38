import { baseImages } from '../bases/bases';
import type { Builder } from '../builders/builder';
import { chooseReference, startBuilder } from '../builders/reference-builder';
import { strakeUnmet } from '../builders/strake';
import { startStrakeLibrary } from '../builders/strake-library';
import { LookAhead } from '../differential/look-ahead';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { agreementOn } from './agreement';
import { growBrokenBuild } from './break-build';
import { describeBuild } from './generated-build';
import { growBuild } from './grow-build';

const reference = chooseReference();
const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar'] }) ?? strakeUnmet() ?? ('unmet' in reference ? reference.unmet : reference.name === 'buildkit' ? undefined : 'needs the newest BuildKit');

/** A slice that is the same every time: `npm run generate` goes further. */
const first = 700_000;
const count = Number(process.env['STRAKE_TEST_GENERATED'] ?? 40);

suite('random Dockerfiles', unmet, () => {
  let folder = '';
  let pair: readonly [Builder, Builder] | undefined;
  const builds = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? growBuild(first + index) : growBrokenBuild(first + index)));
  const jobs = new LookAhead(builds.map((build) => () => {
    if (pair === undefined) throw new Error('the builders did not start');
    return agreementOn(build, pair, folder);
  }), 2);

  beforeAll(async () => {
    folder = makeFolder('generator');
    const bases = await baseImages();
    pair = [await startBuilder('buildkit'), await startStrakeLibrary()];
    for (const builder of pair) await builder.load(bases);
  }, 120_000);

  afterAll(async () => {
    await jobs.settled();
    for (const builder of pair ?? []) await builder.close();
    await removeFolder(folder);
  }, 120_000);

  it('are built alike, or refused alike at the same line', async () => {
    const kinds = new Set<string>();
    for (const [index, build] of builds.entries()) {
      const { expected, differences } = await jobs.result(index);
      kinds.add(expected.kind);
      if (differences.length > 0) throw new Error(`seed ${first + index} (npm run generate -- --seed ${first + index} --count 1)\n${describeBuild(build)}\n${JSON.stringify(differences, null, 1)}`);
    }
    expect([...kinds].sort()).toEqual(['built', 'refused']);
  }, 300_000);
});
