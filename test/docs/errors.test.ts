import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, formatError } from 'strake';

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

describe('examples give the errors that they show', () => {
  const examples = codes.flatMap((code) => {
    const [, dockerfile, message] = /```dockerfile\n([^]*?)\n```\n\n```\n([^]*?)\n```/.exec(readFileSync(join(folder, `${code}.md`), 'utf8')) ?? [];
    // what needs a base image is shown by the tests of the backend
    return dockerfile === undefined || message === undefined || dockerfile.includes('FROM base') ? [] : [[code, dockerfile, message] as const];
  });

  test.each(examples)('%s', async (code, text, message) => {
    const store = mkdtempSync(join(tmpdir(), 'strake-errors-'));
    const target = code === 'UNKNOWN_STAGE' ? { target: 'biuld' } : {};
    try {
      const error: unknown = await build({ context: folder, dockerfile: { text, name: 'Dockerfile' }, ...target, config: { store } }).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code });
      const [first = ''] = `strake: ${formatError(error)}`.split('\n');
      expect(withoutColumn(first)).toContain(withoutColumn(message));
    } finally {
      rmSync(store, { recursive: true });
    }
  });
});

/** Which column a message points at is tested where the message is made. */
const withoutColumn = (message: string): string => message.replace(/(Dockerfile:\d+):\d+/, '$1');
