import { createRegistry } from '@strake/core';
import { defaultPlugins } from '../../packages/strake/src/builder/default-plugins';
import { checkParse } from './check-parse';
import { ParserInputs } from './parser-inputs';

const instructions = defaultPlugins.reduce((registry, plugin) => registry.use(plugin), createRegistry()).freeze();

test.each([1, 2, 3])('twenty thousand inputs of seed %d give an AST, or an error with a range inside the file', (seed) => {
  const inputs = new ParserInputs(seed);
  let parsed = 0;
  for (let count = 0; count < 20_000; count += 1) {
    const bytes = inputs.next();
    try {
      if (checkParse(bytes, instructions)) parsed += 1;
    } catch (cause) {
      throw new Error(`input ${count}: ${JSON.stringify(bytes.toString('latin1'))}`, { cause });
    }
  }
  expect(parsed).toBeGreaterThan(5_000);
  expect(parsed).toBeLessThan(19_000);
});
