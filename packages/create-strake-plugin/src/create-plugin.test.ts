import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateError, createPlugin, type PluginKind } from '.';
import { nameOf } from './plugin-name';
import { VERSION } from './version';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'strake-create-'))));
afterEach(() => rmSync(folder, { recursive: true }));

test.each([
  ['motd', { folder: 'motd', short: 'motd', camel: 'motd', pascal: 'Motd', keyword: 'MOTD' }],
  ['@scope/strake-plugin-hello-world', { folder: 'strake-plugin-hello-world', short: 'hello-world', camel: 'helloWorld', pascal: 'HelloWorld', keyword: 'HELLOWORLD' }],
  ['strake-if', { short: 'if', camel: 'ifPlugin', keyword: 'IF' }],
  ['strake', { short: 'strake', keyword: 'STRAKE' }],
])('the forms of %s', (written, expected) => expect(nameOf(written)).toMatchObject({ full: written, ...expected }));

test.each(['', 'Motd', '../motd', 'a/b', '-x', '1x', '@scope', 'a b', 'a'.repeat(300)])('%s is no name', (name) => {
  expect(() => createPlugin({ name, directory: folder })).toThrow(CreateError);
  expect(readdirSync(folder)).toEqual([]);
});

test('a folder that holds something stays as it is', () => {
  mkdirSync(join(folder, 'motd'));
  writeFileSync(join(folder, 'motd', 'mine'), '');
  expect(() => createPlugin({ name: 'motd', directory: folder })).toThrow('is not empty');
  expect(readdirSync(join(folder, 'motd'))).toEqual(['mine']);
});

test('a kind that there is not', () => {
  expect(() => createPlugin({ name: 'motd', kind: 'toString' as PluginKind, directory: folder })).toThrow('there is no kind "toString"; known: instruction, check-rule, cache, exporter, source, backend');
  expect(existsSync(join(folder, 'motd'))).toBe(false);
});

test('packages are made for the version that makes them', () => {
  expect((JSON.parse(readFileSync(join(__dirname, '../package.json'), 'utf8')) as { readonly version: string }).version).toBe(VERSION);
});
