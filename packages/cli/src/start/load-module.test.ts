import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeCachePath, loadModule } from './load-module';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'strake-load-'))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(name: string, source: string): string {
  const file = join(folder, name);
  writeFileSync(file, source);
  return file;
}

test('a module has what CommonJS gives it, and shares its neighbours', () => {
  write('b.cjs', 'exports.object = {};');
  const a = write('a.cjs', '#!/usr/bin/env node\nmodule.exports = { file: __filename, directory: __dirname, join: require("node:path").join, b: require("./b.cjs") };');
  expect(loadModule(a).exports).toEqual({ file: a, directory: folder, join: expect.any(Function), b: { object: {} } });
  expect(loadModule(a)).toBe(loadModule(a));
  expect((loadModule(a).exports as { b: unknown }).b).toBe(loadModule(join(folder, 'b.cjs')).exports);
});

test('compiled code is taken when it fits', () => {
  const source = 'exports.add = (a, b) => a + b; exports.add(1, 2);';
  const first = loadModule(write('first.cjs', source));
  expect(first.cached).toBe(false);
  const second = write('second.cjs', source);
  writeFileSync(codeCachePath(second), first.codeCache());
  expect(loadModule(second).cached).toBe(true);
  expect((loadModule(second).exports as { add(a: number, b: number): number }).add(2, 3)).toBe(5);
});

test.each([
  ['is none of V8', Buffer.from('nonsense')],
  ['is empty', Buffer.alloc(0)],
])('compiled code that %s is passed over', (_, bytes) => {
  const file = write('module.cjs', 'exports.a = 1;');
  writeFileSync(codeCachePath(file), bytes);
  expect(loadModule(file)).toMatchObject({ cached: false, exports: { a: 1 } });
});
