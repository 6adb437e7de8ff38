// Keeps the compiled code of the command's bundles beside them. Commands are run first, so that what they call is compiled too.
import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { root } from './rooms.mjs';

const dist = join(root, 'packages/cli/dist');
const folder = mkdtempSync(join(tmpdir(), 'strake-code-cache-'));
try {
  const loader = join(folder, 'load-module.cjs');
  await build({ absWorkingDir: root, entryPoints: ['packages/cli/src/start/load-module.ts'], outfile: loader, bundle: true, platform: 'node', format: 'cjs' });
  const { loadModule, codeCachePath } = createRequire(import.meta.url)(loader);
  const files = ['api.cjs', 'strake.cjs', 'library.cjs', 'registry.cjs', 'dockerode.cjs'].map((name) => join(dist, name));
  for (const file of files) rmSync(codeCachePath(file), { force: true });
  const { run } = loadModule(join(dist, 'strake.cjs')).exports;
  await warmUp(run);
  for (const file of files) writeFileSync(codeCachePath(file), loadModule(file).codeCache());
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** What most commands are: help, and builds that find everything in the cache. Building needs root; planning does not. */
async function warmUp(run) {
  writeFileSync(join(folder, 'a'), 'a');
  writeFileSync(join(folder, 'Dockerfile'), 'FROM scratch AS a\nARG V=1\nENV A=$V B="b c"\nWORKDIR /w\nCOPY a Dockerfile ./\nFROM scratch\nCOPY --from=a --chown=1:1 /w/a /\nLABEL a=b\nEXPOSE 80\nUSER 1\nENTRYPOINT ["/a"]\nCMD ["b"]\n');
  const store = join(folder, 'store');
  const lines = [['version'], ['--help'], ['build', '--help'], ['plan', folder]];
  if (process.getuid?.() === 0 && process.platform === 'linux') lines.push(...Array(2).fill(['build', '-t', 'a', folder]), ['images']);
  for (const line of lines) {
    const sink = () => new PassThrough().resume();
    const terminal = { stdin: new PassThrough().end(), stdout: sink(), stderr: sink(), env: { PATH: process.env.PATH }, cwd: folder };
    await run(['--store', store, ...line], terminal, { signal: new AbortController().signal });
  }
}
