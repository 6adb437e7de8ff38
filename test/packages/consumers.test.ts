import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { unmetNeed } from '../engines/need';
import { mustRun, run } from '../engines/run';
import { suite } from '../engines/suite';
import { installPacked, packAll, packedUnmet } from './packed';

const unmet = packedUnmet ?? unmetNeed({ root: true, programs: ['busybox', 'crun'] });
const COMPILER = join(__dirname, '../../node_modules/typescript/bin/tsc');
const strict = ['--strict', '--exactOptionalPropertyTypes', '--noUncheckedIndexedAccess', '--target', 'es2022', '--skipLibCheck', 'false', '--types', 'node'];

suite('a program that has strake from tarballs', unmet, () => {
  let folder: string;
  let app: string;
  beforeAll(async () => {
    folder = makeFolder('consumers');
    app = join(folder, 'app');
    await installPacked(app, await packAll(), ['strake'], { '@types/node': '20.19.43' });
    cpSync(join(__dirname, 'consumers'), app, { recursive: true });
  }, 180_000);
  afterAll(() => removeFolder(folder));

  const compile = (...args: readonly string[]) => run([process.execPath, COMPILER, ...strict, ...args], { cwd: app });
  const node = (file: string) => mustRun([process.execPath, '--unhandled-rejections=strict', file, join(folder, 'store')], { cwd: app });
  const expected = (...types: readonly string[]): object => ({ types, id: 'sha256:', version: true, sameClass: true });

  test('compiles and runs as a module and as CommonJS', async () => {
    expect(await compile('--module', 'node16', '--outDir', 'out', 'use-import.mts', 'use-require.cts')).toMatchObject({ output: '', code: 0 });
    const steps = ['graph', 'missed', 'started', 'done'];
    expect(JSON.parse(await node('out/use-import.mjs'))).toEqual(expected(...steps));
    expect(JSON.parse(await node('out/use-require.cjs'))).toEqual(expected(...steps));
  }, 120_000);

  test('compiles as a bundler resolves', async () => {
    cpSync(join(app, 'use-import.mts'), join(app, 'use-bundler.ts'));
    expect(await compile('--module', 'esnext', '--moduleResolution', 'bundler', '--noEmit', 'use-bundler.ts')).toMatchObject({ output: '', code: 0 });
  }, 120_000);

  test('has a process of its own: nothing printed, read or left', async () => {
    const { stdout, stderr, code } = await run([process.execPath, 'in-one-process.mjs', join(folder, 'work')], { cwd: app });
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    const { outputs, reads, before, after } = JSON.parse(stdout) as Record<string, unknown>;
    expect(outputs).toEqual([['a', '*** a', true], ['b', '*** b', true]]);
    expect(reads).toEqual([]);
    expect(after).toEqual(before);
  }, 120_000);
});
