import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeFolder, removeFolder } from '../engines/engine-folder';
import { run, type Finished } from '../engines/run';
import { suite } from '../engines/suite';
import { packedUnmet } from './packed';

const root = join(__dirname, '../..');

suite('the API report', packedUnmet, () => {
  let folder: string;
  beforeAll(() => (folder = makeFolder('api')));
  afterAll(() => removeFolder(folder));

  const check = (...more: readonly string[]): Promise<Finished> => run([process.execPath, 'scripts/api-report.mjs', '--check', ...more], { cwd: root });

  test('says what the packages promise today', async () => {
    expect(await check()).toMatchObject({ stderr: '', code: 0 });
  });

  test('refuses a public type that was changed', async () => {
    const copy = join(folder, 'packages/api');
    mkdirSync(copy, { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    cpSync(join(root, 'packages/api/package.json'), join(copy, 'package.json'));
    cpSync(join(root, 'packages/api/dist'), join(copy, 'dist'), { recursive: true });
    const file = join(copy, 'dist/secrets.d.ts');
    writeFileSync(file, readFileSync(file, 'utf8').replace('get(id: string)', 'get(id: number)'));
    const { code, stderr } = await check('--from', folder, '--only', 'api');
    expect(code).toBe(1);
    expect(stderr).toMatch(/docs\/api\/api\.api\.md:\d+: .*get\(id: number\).*\nIf it is meant: npm run api/);
  });
});
