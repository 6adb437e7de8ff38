import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRegistry } from '@strake/core';

const page = readFileSync(join(__dirname, '../../docs/guides/HOOKS.md'), 'utf8');
const hooks = Object.keys(createRegistry().hooks);

test('each hook has a section, a row and its place in the drawing', () => {
  const drawing = /```text\n([^]*?)```/.exec(page)?.[1] ?? '';
  expect([...page.matchAll(/^## `(\w+)`$/gm)].map(([, name]) => name)).toEqual(hooks);
  expect([...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)).toEqual(hooks);
  expect(hooks.filter((name) => !new RegExp(`\\b${name}\\b`).test(drawing))).toEqual([]);
});
