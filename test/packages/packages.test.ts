import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { mustRun } from '../engines/run';
import { suite } from '../engines/suite';
import { packAll, packedUnmet, type Packed } from './packed';

suite('packages as they are published', packedUnmet, () => {
  let folder: string;
  let packed: readonly Packed[];
  beforeAll(async () => {
    folder = makeFolder('packages');
    packed = await packAll();
  }, 120_000);
  afterAll(() => removeFolder(folder));

  const lint = (...tarballs: readonly string[]): Promise<string> => mustRun([process.execPath, join(__dirname, 'lint-packages.mjs'), ...tarballs]);

  test('neither publint nor are-the-types-wrong has anything to say', async () => {
    expect(packed.length).toBeGreaterThan(40);
    expect(await lint(...packed.map(({ tarball }) => tarball))).toBe('');
  }, 120_000);

  test('and both would: types that are not shipped, types that are not true', async () => {
    const bad = join(folder, 'bad');
    mkdirSync(bad);
    writeFileSync(join(bad, 'package.json'), JSON.stringify({ name: 'bad', version: '1.0.0', type: 'commonjs', main: 'index.js', exports: { '.': { types: './index.d.ts', default: './missing.js' } } }));
    writeFileSync(join(bad, 'index.d.ts'), 'export default function f(): void;\n');
    writeFileSync(join(bad, 'index.js'), 'module.exports = () => undefined;\n');
    await mustRun(['npm', 'pack', '--silent', '--pack-destination', folder], { cwd: bad });
    expect(await lint(join(folder, 'bad-1.0.0.tgz'))).toContain('missing.js');
    rmSync(join(folder, 'bad-1.0.0.tgz'));
    writeFileSync(join(bad, 'package.json'), JSON.stringify({ name: 'bad', version: '1.0.0', type: 'commonjs', main: 'index.js', exports: { '.': { types: './index.d.ts', default: './index.js' } } }));
    await mustRun(['npm', 'pack', '--silent', '--pack-destination', folder], { cwd: bad });
    expect(await lint(join(folder, 'bad-1.0.0.tgz'))).toContain('FalseExportDefault');
  });
});
