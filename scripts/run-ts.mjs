// Runs one TypeScript file of this repository: `node scripts/run-ts.mjs test/bench/bench.ts [ARGS]`. Bundled beside itself, so that __dirname means what it says.
import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

const [file, ...args] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE.ts [ARGS]');
  process.exit(2);
}
const entry = resolve(file);
const outfile = join(dirname(entry), `.${process.pid}.run.cjs`);
// Every source keeps its own folder as __dirname, although all end in one file.
const ownFolder = {
  name: 'own-folder',
  setup(builder) {
    builder.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      if (path.includes('/node_modules/')) return undefined;
      const { readFile } = await import('node:fs/promises');
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(/\b__dirname\b/g, JSON.stringify(dirname(path))), loader: 'ts' };
    });
  },
};
await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', packages: 'external', logLevel: 'error', plugins: [ownFolder] });
const child = spawn(process.execPath, [outfile, ...args], { stdio: 'inherit' });
// The program ends on its own terms: engines that it started must be stopped.
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
child.on('close', (code) => {
  rmSync(outfile, { force: true });
  process.exitCode = code ?? 1;
});
