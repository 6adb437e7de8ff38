import { baseImages } from '../bases/bases';
import { chooseReference } from '../builders/reference-builder';
import { strakeUnmet } from '../builders/strake';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { suite } from '../engines/suite';
import { BothBuilders, checkRecord } from './both-results';
import { listCases } from './cases';
import { compareResults } from './compare-results';
import { unexplained } from './intended';
import { LookAhead } from './look-ahead';

const reference = chooseReference();
const unmet = unmetNeed({ root: true, programs: ['busybox', 'setcap', 'tar', 'xz', 'bzip2', 'zstd'] }) ?? ('unmet' in reference ? reference.unmet : strakeUnmet());
const referenceName = 'name' in reference ? reference.name : 'none';

/** The builders share two cores with what jest runs beside. */
const atOnce = 2;

const building = listCases('cases').filter(({ options }) => options.notIn?.includes(referenceName) !== true);
const refused = listCases('refused');

suite(`agreement with ${referenceName}`, unmet, () => {
  let folder = '';
  let both: BothBuilders | undefined;
  const jobs = new LookAhead([...building, ...refused].map((definition) => () => started().run(definition)), atOnce);

  function started(): BothBuilders {
    if (both === undefined) throw new Error('the builders did not start');
    return both;
  }

  beforeAll(async () => {
    folder = makeFolder('differential');
    both = new BothBuilders(referenceName, folder, await baseImages());
  }, 120_000);

  afterAll(async () => {
    await jobs.settled();
    await both?.close();
    await removeFolder(folder);
  }, 120_000);

  it.each(building.map(({ name, options }, index) => ({ name, options, index })))('builds the same: $name', async ({ options, index }) => {
    const results = await jobs.result(index);
    checkRecord(results);
    expect(unexplained(compareResults(results.expected, results.actual), options.intended)).toEqual([]);
  }, 120_000);

  it.each(refused.map(({ name, options }, index) => ({ name, options, index: building.length + index })))('refuses, at the same line: $name', async ({ options, index }) => {
    const results = await jobs.result(index);
    checkRecord(results);
    const line = options.line ?? (results.expected.kind === 'refused' ? results.expected.line : null);
    expect(results.actual).toMatchObject({ kind: 'refused', ...(line === null ? {} : { line }) });
  }, 120_000);
});
