import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const folder = join(root, 'docs/errors');
const [, union = ''] = /export type ErrorCode =([^;]*);/.exec(readFileSync(join(root, 'packages/api/src/errors.ts'), 'utf8')) ?? [];
const codes = [...union.matchAll(/'([A-Z_]+)'/g)].map(([, code = '']) => code);

test('there are codes', () => expect(codes).toContain('STEP_FAILED'));

test.each(codes)('%s has a page with its headings', (code) => {
  const text = readFileSync(join(folder, `${code}.md`), 'utf8');
  expect(text.match(/^#+ .*$/gm)).toEqual([`# ${code}`, '## Example', '## What to do']);
});

test('no page is about a code that is gone, and all are listed', () => {
  const pages = readdirSync(folder).filter((name) => name !== 'README.md');
  expect(pages.map((name) => name.replace(/\.md$/, '')).sort()).toEqual([...codes].sort());
  const listed = [...readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/\]\((.*?)\)/g)].map(([, path = '']) => path);
  expect(listed.sort()).toEqual(pages.sort());
  expect(listed.every((path) => existsSync(join(folder, path)))).toBe(true);
});
