// Keeps how long each test file took in the last `npm test`, for machines that have not run them yet: `node scripts/record-durations.mjs`.
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { root } from './rooms.mjs';

/** Seconds; the order of what is shorter makes no difference. */
const SHORTEST = 2;

const { testResults } = JSON.parse(readFileSync(join(root, 'test-results', 'jest.json'), 'utf8'));
const taken = testResults.map(({ name, startTime, endTime }) => [relative(root, name), Math.round((endTime - startTime) / 1000)]);
const kept = taken.filter(([, seconds]) => seconds >= SHORTEST).sort(([one], [other]) => (one < other ? -1 : 1));
writeFileSync(join(root, 'scripts', 'durations.json'), `${JSON.stringify(Object.fromEntries(kept), null, 2)}\n`);
console.log(`${kept.length} files take ${SHORTEST} s or longer`);
