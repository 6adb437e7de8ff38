import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { run } from '@strake/cli';

const document = readFileSync(join(__dirname, '../../docs/CLI.md'), 'utf8');
const sections = [...document.matchAll(/^### (\S+)\n\n```\n([^]*?)```$/gm)].map(([, name = '', help = '']) => [name, help] as const);

async function help(...argv: string[]): Promise<string> {
  const stdout = new PassThrough();
  const terminal = { stdin: new PassThrough().end(), stdout, stderr: stdout, env: {}, cwd: __dirname };
  await run(argv, terminal, { signal: new AbortController().signal });
  return text(stdout.end());
}

test.each(sections)('the help of %s in docs/CLI.md is what the command prints', async (name, written) => {
  expect(written).toBe(await help(name, '--help'));
});

test('every command is described', async () => {
  const listed = [...(await help('--help')).matchAll(/^ {2}([a-z]+) {2,}/gm)].map(([, name]) => name);
  expect(sections.map(([name]) => name)).toEqual(listed);
});
