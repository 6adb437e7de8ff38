// Feeds the parser a million odd inputs: `node scripts/run-ts.mjs test/fuzz/parse.ts [--count 1000000] [--seed 1]`. Ends with 1 at the first that breaks a promise.
import { parseArgs } from 'node:util';
import { createRegistry } from '@strake/core';
import { defaultPlugins } from '../../packages/strake/src/builder/default-plugins';
import { checkParse } from './check-parse';
import { ParserInputs } from './parser-inputs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '1000000' }, seed: { type: 'string', default: '1' } } });
const instructions = defaultPlugins.reduce((registry, plugin) => registry.use(plugin), createRegistry()).freeze();
const inputs = new ParserInputs(Number(values.seed));
let parsed = 0;
let slowest = { milliseconds: 0, bytes: 0 };
const begun = performance.now();
for (let count = 0; count < Number(values.count); count += 1) {
  const bytes = inputs.next();
  const start = performance.now();
  try {
    if (checkParse(bytes, instructions)) parsed += 1;
  } catch (error) {
    process.stderr.write(`input ${count}: ${JSON.stringify(bytes.toString('latin1'))}\n${error instanceof Error ? String(error.stack) : String(error)}\n`);
    process.exit(1);
  }
  const milliseconds = performance.now() - start;
  if (milliseconds > slowest.milliseconds) slowest = { milliseconds, bytes: bytes.length };
}
process.stdout.write(`${values.count} inputs in ${((performance.now() - begun) / 1000).toFixed(0)} s, ${parsed} parsed; the slowest took ${slowest.milliseconds.toFixed(1)} ms for ${slowest.bytes} bytes\n`);
