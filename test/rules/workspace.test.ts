import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

it('has derived files that say what the package.json files say', () => {
  expect(() => execFileSync(process.execPath, ['scripts/workspace.mjs', '--check'], { cwd: join(__dirname, '../..'), stdio: 'pipe' })).not.toThrow();
});
