import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

test('no page has marks of a merge', () => {
  const pages = execFileSync('git', ['ls-files', '*.md'], { cwd: root, encoding: 'utf8' }).trim().split('\n');
  expect(pages.length).toBeGreaterThan(50);
  expect(pages.filter((page) => /^(?:<{7}|={7}|>{7})(?: |$)/m.test(readFileSync(join(root, page), 'utf8')))).toEqual([]);
});
