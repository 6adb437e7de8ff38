// Bundles the command into packages/cli/dist/strake.cjs, with the worker of the embedded backend beside it: one file starts faster than hundreds.
import { build } from 'esbuild';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './rooms.mjs';

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  tsconfig: 'tsconfig.test.json',
  keepNames: true,
  external: ['koffi', 'jiti'],
  logLevel: 'warning',
};

await build({ ...shared, entryPoints: ['packages/cli/src/index.ts'], outfile: 'packages/cli/dist/strake.cjs' });
const worker = ['ts', 'js'].map((ending) => `plugins/backend-embedded/src/worker.${ending}`).find((path) => existsSync(join(root, path)));
if (worker !== undefined) await build({ ...shared, entryPoints: [worker], outfile: 'packages/cli/dist/worker.js' });
