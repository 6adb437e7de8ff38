// Keeps the compiled code of the command's bundles beside them. Commands are run first, so that what they call is compiled too.
import { build } from 'esbuild';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
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
  writeFileSync(join(folder, 'Dockerfile.engine'), 'FROM a\nARG V=1\nENV A=$V B=c\nLABEL a=b\nCMD ["b"]\n');
  const store = join(folder, 'store');
  const lines = [['version'], ['--help'], ['build', '--help'], ['plan', folder]];
  if (process.getuid?.() === 0 && process.platform === 'linux') lines.push(...Array(2).fill(['build', '-t', 'a', folder]), ['images']);
  const engine = await standIn(join(folder, 'engine.sock'));
  lines.push(...Array(2).fill(['--backend', 'docker', '--backend-opt', `host=unix://${join(folder, 'engine.sock')}`, 'build', '-t', 'a', '-f', join(folder, 'Dockerfile.engine'), folder]));
  for (const line of lines) {
    const sink = () => new PassThrough().resume();
    const terminal = { stdin: new PassThrough().end(), stdout: sink(), stderr: sink(), env: { PATH: process.env.PATH }, cwd: folder };
    const code = await run(['--store', store, ...line], terminal, { signal: new AbortController().signal });
    if (code !== 0) process.stderr.write(`not compiled ahead of time: strake ${line.join(' ')} ended with ${code}\n`);
  }
  engine.close();
}

/** Answers as an engine that has every image that it is asked for. */
async function standIn(socket) {
  const image = (Id) => ({ Id, RepoTags: [], Created: '2000-01-01T00:00:00Z', Architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', Os: 'linux', Config: { Env: ['A=b'] }, RootFS: { Type: 'layers', Layers: [`sha256:${'a'.repeat(64)}`] } });
  const answer = (path) => {
    const [, name] = /\/images\/(.+)\/json$/.exec(path) ?? [];
    if (name !== undefined) return image(name.startsWith('sha256:') ? name : `sha256:${'b'.repeat(64)}`);
    if (path.endsWith('/volumes')) return { Volumes: [] };
    return path.endsWith('/info') ? { Driver: 'overlay2', DriverStatus: [] } : [];
  };
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url, 'http://engine');
    response.writeHead(request.method === 'POST' ? 201 : 200, { 'Api-Version': '1.44', 'Content-Type': 'application/json' }).end(JSON.stringify(answer(pathname)));
  });
  await new Promise((resolve) => server.listen(socket, resolve));
  return server;
}
