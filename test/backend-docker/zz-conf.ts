import { readFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeBases } from '../bases/bases';
import { startStrakeDocker } from './strake-docker';
import { unexplainedByFast } from './explained';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { listCases } from '../differential/cases';
import { RecordedResults } from '../differential/recorded-results';
import { compareResults } from '../differential/compare-results';
import { unexplained } from '../differential/intended';
import { runCase } from '../differential/run-case';
async function main() {
  const host = readFileSync(process.argv[2]!, 'utf8').trim();
  const only = process.argv[3] ? new RegExp(process.argv[3]) : /./;
  const skip = process.argv[4] ? new RegExp(process.argv[4]) : /^$/;
  const folder = makeFolder('conf');
  const bases = await makeBases(join(folder, 'bases'));
  const recorded = new RecordedResults(bases);
  const builder = await startStrakeDocker(host);
  await builder.load(bases);
  const cases = listCases('cases').filter(({ name, options }) => only.test(name) && !skip.test(name) && options.notIn?.includes('buildkit') !== true);
  let good = 0, bad = 0, none = 0; const queue = [...cases];
  const work = async () => { for (let c = queue.shift(); c; c = queue.shift()) {
    const expected = recorded.find(c, undefined);
    if (!expected) { none++; continue; }
    try {
      const [actual] = await runCase(c, [builder], folder);
      const left = unexplained(unexplainedByFast(compareResults(expected, actual!)), c.options.intended);
      if (left.length === 0) good++; else { bad++; console.log('DIFF', c.name, JSON.stringify(left.slice(0, 4)).slice(0, 900)); }
    } catch (e) { bad++; console.log('CRASH', c.name, String((e as Error).stack).slice(0, 600)); }
  } };
  await Promise.all([work(), work(), work()]);
  console.log({ good, bad, none, total: cases.length });
  await builder.close(); await removeFolder(folder);
}
void main();
