import { StrakeError } from '@strake/api';
import { graphText } from '@strake/testing';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LowerOptions } from './dispatch/lower-dockerfile';
import { formatError } from './print/format-error';
import { lowerText } from './test-support/lower-text';

/** With STRAKE_UPDATE_GOLDEN=1 the expected files are written anew; read the diff before you commit it. */
const update = process.env['STRAKE_UPDATE_GOLDEN'] === '1';
const golden = join(__dirname, '../golden');

type Options = Partial<Omit<LowerOptions, 'namedContexts'>> & { readonly namedContexts?: readonly string[] };

function build(folder: string) {
  const path = join(folder, 'options.json');
  const { namedContexts = [], ...options } = (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}) as Options;
  return lowerText(readFileSync(join(folder, 'Dockerfile'), 'utf8'), { ...options, namedContexts: new Set(namedContexts) });
}

function compare(path: string, text: string): void {
  if (update) writeFileSync(path, text);
  expect(text).toBe(readFileSync(path, 'utf8'));
}

test.each(readdirSync(join(golden, 'ok')))('golden/ok/%s', async (name) => {
  const folder = join(golden, 'ok', name);
  compare(join(folder, 'graph.json'), graphText(await build(folder)));
});

test.each(readdirSync(join(golden, 'error')))('golden/error/%s', async (name) => {
  const folder = join(golden, 'error', name);
  const error: unknown = await build(folder).then(() => undefined, (thrown: unknown) => thrown);
  if (!(error instanceof StrakeError)) throw new Error(`${name} was not refused by an error of ours`, { cause: error });
  const source = readFileSync(join(folder, 'Dockerfile'), 'utf8');
  compare(join(folder, 'error.txt'), `${error.code}\n${formatError(error, source)}\n`);
});
