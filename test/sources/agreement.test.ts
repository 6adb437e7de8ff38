import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { baseImages } from '../bases/bases';
import { strakeUnmet } from '../builders/strake';
import { BothBuilders, checkRecord } from '../differential/both-results';
import { compareResults } from '../differential/compare-results';
import { unexplained } from '../differential/intended';
import { LookAhead } from '../differential/look-ahead';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { newestToolUnmet } from '../engines/newest-root';
import { suite } from '../engines/suite';
import { RemoteBuilds } from './remote-builds';
import { refusedRemoteCases, remoteCases } from './remote-cases';
import { remoteNeeds, TOKEN } from './remote-servers';

const unmet = newestToolUnmet() ?? strakeUnmet() ?? unmetNeed(remoteNeeds);

suite('URLs and repositories as BuildKit has them', unmet, () => {
  let folder: string;
  let remote: RemoteBuilds;
  let both: BothBuilders;

  beforeAll(async () => {
    folder = makeFolder('agreement');
    remote = await RemoteBuilds.start(folder);
    both = new BothBuilders('buildkit', folder, (await baseImages()).slice(0, 1));
  }, 60_000);

  afterAll(async () => {
    await jobs.settled();
    await both.close();
    await remote.close();
    await removeFolder(folder);
  }, 60_000);

  const all = [...remoteCases, ...refusedRemoteCases];
  const jobs = new LookAhead(all.map((definition) => () => both.runAs(definition.name, remote.recordable(definition), (builders) => remote.build(definition, builders))), 2);

  test.each(remoteCases.map(({ name, intended }, index) => ({ name, intended, index })))('the same: $name', async ({ intended, index }) => {
    const results = await jobs.result(index);
    checkRecord(results);
    expect(results.expected.kind).toBe('built');
    expect(unexplained(compareResults(results.expected, results.actual), intended)).toEqual([]);
  }, 60_000);

  test.each(refusedRemoteCases.map(({ name }, index) => ({ name, index: remoteCases.length + index })))('refused by both: $name', async ({ index }) => {
    const results = await jobs.result(index);
    checkRecord(results);
    expect([results.expected.kind, results.actual.kind]).toEqual(['refused', 'refused']);
    expect(JSON.stringify(results.actual)).not.toContain(TOKEN);
  }, 60_000);

  test('every record is of a case', () => {
    const reference = join(__dirname, 'reference');
    const files = new Set(all.map((definition) => remote.recordable(definition).file));
    expect((existsSync(reference) ? readdirSync(reference) : []).filter((name) => !files.has(join(reference, name)))).toEqual([]);
  });
});
