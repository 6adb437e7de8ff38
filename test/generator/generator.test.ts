import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { baseImages } from '../bases/bases';
import { chooseReference } from '../builders/reference-builder';
import { strakeUnmet } from '../builders/strake';
import { BothBuilders, checkRecord } from '../differential/both-results';
import { LookAhead } from '../differential/look-ahead';
import type { Recordable } from '../differential/recorded-results';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { type Agreement, buildWith, compared } from './agreement';
import { growBrokenBuild } from './break-build';
import { describeBuild, type GeneratedBuild } from './generated-build';
import { growBuild } from './grow-build';

const reference = chooseReference();
const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar'] }) ?? strakeUnmet() ?? ('unmet' in reference ? reference.unmet : reference.name === 'buildkit' ? undefined : 'needs the newest BuildKit');

/** A slice that is the same every time: `npm run generate` goes further. */
const first = 700_000;
const count = Number(process.env['STRAKE_TEST_GENERATED'] ?? 40);

/** Where a build's record is, and what it hangs on. */
function recordable(build: GeneratedBuild, name: string): Recordable {
  return { file: join(__dirname, 'reference', `${name}.json`), digest: createHash('sha256').update(JSON.stringify(build)).digest('hex') };
}

suite('random Dockerfiles', unmet, () => {
  let folder = '';
  let both: BothBuilders;
  const builds = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? growBuild(first + index) : growBrokenBuild(first + index)));
  const jobs = new LookAhead(builds.map((build, index) => () => agreement(build, String(first + index))), 2);

  beforeAll(async () => {
    folder = makeFolder('generator');
    both = new BothBuilders('buildkit', folder, await baseImages());
  }, 120_000);

  afterAll(async () => {
    await jobs.settled();
    await both.close();
    await removeFolder(folder);
  }, 120_000);

  async function agreement(build: GeneratedBuild, name: string): Promise<Agreement> {
    const results = await both.runAs(name, recordable(build, name), (builders) => buildWith(build, builders, folder));
    checkRecord(results);
    return compared(build, results, async (smaller) => {
      const { expected } = await both.reference(name, recordable(smaller, `${name}-again`), async (builder) => {
        const [result] = await buildWith(smaller, [builder], folder);
        if (result === undefined) throw new TypeError('every builder gives a result');
        return result;
      });
      return expected;
    });
  }

  it('are built alike, or refused alike at the same line', async () => {
    const kinds = new Set<string>();
    for (const [index, build] of builds.entries()) {
      const { expected, differences } = await jobs.result(index);
      kinds.add(expected.kind);
      if (differences.length > 0) throw new Error(`seed ${first + index} (npm run generate -- --seed ${first + index} --count 1)\n${describeBuild(build)}\n${JSON.stringify(differences, null, 1)}`);
    }
    expect([...kinds].sort()).toEqual(['built', 'refused']);
  }, 300_000);

  it('have records, and nothing else has', () => {
    const isOurs = (name: string): boolean => /^\d+(-again)?\.json$/.test(name) && Number.parseInt(name) >= first && Number.parseInt(name) < first + 40;
    expect(readdirSync(join(__dirname, 'reference')).filter((name) => !isOurs(name))).toEqual([]);
  });
});
