import { defineInstruction, defineRule, InstructionError, OperatorError, StrakeError, type Plugin } from '@strake/api';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createBuilder, type Builder } from '../builder/create-builder';
import type { PluginEntry } from './plugin-entry';

const text = (keyword: string, more = '') => `
const plugin = { name: 'instruction-${keyword.toLowerCase()}', apply(builder) {
  builder.define('instruction-${keyword.toLowerCase()}', { keyword: '${keyword}', summary: 'does ${keyword}', args: { kind: 'raw' }, lower: () => ({ config: { labels: { ${keyword}: 'yes' } } }) });
  ${more}
} };`;

let folder: string;
beforeEach(() => void (folder = realpathSync(mkdtempSync(join(tmpdir(), 'strake-plugins-')))));
afterEach(() => rmSync(folder, { recursive: true }));

function write(path: string, content: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

async function using<T>(plugins: readonly PluginEntry[], work: (builder: Builder) => Promise<T>): Promise<T> {
  const builder = await createBuilder({ plugins, cwd: folder, store: join(folder, 'store') });
  return work(builder).finally(() => builder.close());
}

const plan = (plugins: readonly PluginEntry[], dockerfile: string) =>
  using(plugins, (builder) => builder.plan({ context: folder, dockerfile: { text: dockerfile, name: 'Dockerfile' } }));
const labels = async (plugins: readonly PluginEntry[], dockerfile: string) => (await plan(plugins, dockerfile)).config.config.Labels;

test('a package and files, by name', async () => {
  write('node_modules/strake-moo/package.json', '{ "name": "strake-moo", "version": "1.2.3", "main": "main.js" }');
  write('node_modules/strake-moo/main.js', `${text('MOO')}; exports.moo = plugin;`);
  write('baa.js', `${text('BAA')}; module.exports = plugin;`);
  write('oink.cjs', `${text('OINK')}; exports.default = [plugin];`);
  write('own/index.js', `${text('OWN')}; exports.first = plugin; exports.again = plugin; exports.other = 3;`);
  expect(await labels(['strake-moo', './baa', './oink.cjs', './own'], 'FROM scratch\nMOO 1\nBAA 1\nOINK 1\nOWN 1\n')).toEqual({ MOO: 'yes', BAA: 'yes', OINK: 'yes', OWN: 'yes' });
});

test('what is not needed is not loaded', async () => {
  write('loud.js', `require('node:fs').writeFileSync(${JSON.stringify(join(folder, 'loaded'))}, ''); ${text('LOUD')}; exports.loud = plugin;`);
  await using(['./loud.js'], async (builder) => builder.images().list());
  expect(existsSync(join(folder, 'loaded'))).toBe(false);
  await plan(['./loud.js'], 'FROM scratch\n');
  expect(existsSync(join(folder, 'loaded'))).toBe(true);
});

test.each<[string, string | undefined, object]>([
  ['strake-none', undefined, { code: 'CONFIG_INVALID', message: 'the plugin strake-none is not found from DIR', hint: expect.stringMatching(/strake ships .*; for others npm install --save-dev strake-none; a file is named with \.\/ before it/) }],
  ['squahs', undefined, { code: 'CONFIG_INVALID', message: 'the plugin squahs is not found from DIR', hint: 'did you mean "squash"?' }],
  ['./mooo.js', undefined, { code: 'CONFIG_INVALID', message: 'the plugin ./mooo.js is not found from DIR', hint: 'did you mean moo.js?' }],
  ['./a.js', 'throw new Error("oops")', { code: 'PLUGIN_INVALID', message: 'DIR/a.js cannot be loaded: oops' }],
  ['./b.js', 'exports.count = 3', { code: 'PLUGIN_INVALID', message: 'DIR/b.js exports no plugin' }],
  ['./c.js', `${text('RUN')}; exports.run = plugin;`, { code: 'PLUGIN_CONFLICT', message: 'instruction-run and instruction-run both define RUN', notes: ['instruction-run is from DIR/c.js'] }],
  ['./d.js', `exports.broken = { name: 'broken', apply() { throw new TypeError('no hooks'); } }`, { code: 'PLUGIN_INVALID', message: 'broken failed in apply: no hooks', notes: ['broken is from DIR/d.js', expect.stringContaining('thrown at DIR/d.js:1:')] }],
  ['./e.ts', 'export const x: number = 1;', { code: expect.stringMatching(/CONFIG_INVALID|PLUGIN_INVALID/), message: expect.stringContaining('DIR/e.ts') }],
])('%s is refused with its plugin and file', async (name, content, expected) => {
  write('moo.js', '');
  if (content !== undefined) write(name, content);
  const error = (await plan([name], 'FROM scratch\n').catch((thrown: unknown) => thrown)) as StrakeError;
  const { code, message, hint, notes } = JSON.parse(JSON.stringify({ code: error.code, message: error.message, hint: error.hint, notes: error.notes }).replaceAll(folder, 'DIR')) as StrakeError;
  expect({ code, message, hint, notes }).toMatchObject(expected);
});

test('an exception of a plugin says where the plugin is from, and where it was thrown', async () => {
  const file = write('moo.js', `exports.moo = { name: 'instruction-moo', apply(builder) {\n builder.define('instruction-moo', { keyword: 'MOO', summary: '', args: { kind: 'raw' },\n  lower() { return undefined.x; } }) } };`);
  await expect(plan(['./moo.js'], 'FROM scratch\n\nMOO x')).rejects.toMatchObject({
    code: 'PLUGIN_INVALID', message: expect.stringContaining('instruction-moo failed in lower MOO: Cannot read'), range: { start: { line: 3 } },
    notes: [`instruction-moo is from ${file}`, `thrown at ${file}:3:30`],
  });
});

test.each([[undefined, 'plugins[1] is no plugin: undefined; is its export named so?'], [{ keyword: 'MOO' }, 'plugins[1] is no plugin: object'], [7, 'plugins[1] is no plugin: number']])('%j is no plugin', async (entry, message) => {
  const fine: Plugin = { name: 'fine', apply: () => undefined };
  await expect(plan([fine, entry as unknown as Plugin], 'FROM scratch\n')).rejects.toMatchObject({ code: 'CONFIG_INVALID', message });
});

test('errors of another copy of the contract are the same errors', async () => {
  const copy: { DockerfileError?: new (code: string, message: string) => Error; InstructionError?: new (message: string, details?: object) => Error } = {};
  jest.isolateModules(() => void Object.assign(copy, jest.requireActual('@strake/api')));
  const { InstructionError: Other = InstructionError, DockerfileError: OtherDockerfileError } = copy;
  expect(Other).not.toBe(InstructionError);
  const thrown = new Other('not on a Friday', { at: 'x' });
  expect([thrown instanceof InstructionError, thrown instanceof StrakeError]).toEqual([true, false]);
  const theirs = OtherDockerfileError && new OtherDockerfileError('UNSUPPORTED', 'no');
  expect([theirs instanceof StrakeError, theirs instanceof OperatorError, new Error('x') instanceof StrakeError, null as unknown instanceof StrakeError]).toEqual([true, false, false, false]);
  const moo = defineInstruction({ keyword: 'MOO', summary: 'moos', args: { kind: 'raw' }, lower: () => { throw thrown; } });
  await expect(plan([moo], 'FROM scratch\nMOO x')).rejects.toMatchObject({ name: 'DockerfileError', code: 'INVALID_ARGUMENTS', message: 'not on a Friday', range: { start: { line: 2, column: 5 } } });
});

test('the report says what is loaded, from where, and who is called first', async () => {
  write('node_modules/strake-moo/package.json', '{ "name": "strake-moo", "version": "1.2.3", "main": "main.js" }');
  const main = write('node_modules/strake-moo/main.js', `${text('MOO', "builder.directive('instruction-moo', { key: 'moo', summary: 'moos' }); builder.hooks.graph.tap('instruction-moo', (graph) => graph);")}; exports.moo = plugin;`);
  const first: Plugin = { name: 'first', apply: ({ hooks }) => hooks.graph.tap({ name: 'first', stage: -1 }, (graph) => graph) };
  const watcher: Plugin = { name: 'watcher', apply: ({ hooks }) => hooks.before.for('RUN').tap('watcher', () => undefined) };
  const rule = defineRule({ name: 'NoMoo', description: 'no moo', node: () => [] });
  const { plugins, hooks, ...parts } = await using(['strake-moo', watcher, rule, first], (builder) => builder.plugins());
  expect(plugins.filter(({ source }) => source.kind !== 'built-in')).toEqual([
    { name: 'instruction-moo', source: { kind: 'package', name: 'strake-moo', version: '1.2.3', path: main }, instructions: [{ keyword: 'MOO', summary: 'does MOO', flags: [] }], directives: ['moo'], rules: [], hooks: ['graph'] },
    { name: 'watcher', source: { kind: 'object' }, instructions: [], directives: [], rules: [], hooks: ['before RUN'] },
    { name: 'rule-NoMoo', source: { kind: 'object' }, instructions: [], directives: [], rules: ['NoMoo'], hooks: [] },
    { name: 'first', source: { kind: 'object' }, instructions: [], directives: [], rules: [], hooks: ['graph'] },
  ]);
  expect(hooks).toEqual(expect.arrayContaining([{ hook: 'graph', plugins: ['first', 'instruction-moo'] }, { hook: 'before RUN', plugins: ['watcher'] }]));
  expect(plugins.find(({ name }) => name === 'instruction-run')).toMatchObject({ source: { kind: 'built-in' }, instructions: [{ keyword: 'RUN' }] });
  expect(parts).toMatchObject({ backend: 'embedded', cache: 'content', sources: ['git', 'http'] });
});

test.each([
  ['ASSERT true', 'assert'],
  ['SQUASH BEGIN', 'squash'],
  ['INCLUDE other', 'include'],
  ['RUN --timeout=5s true', 'run-control'],
  ['COPY --if-exists a /', 'copy-if-exists'],
  ['LABEL --from-git a=1', 'label-from-git'],
])('what a plugin that strake ships would know is told: %s', async (line, name) => {
  await expect(plan([], `FROM scratch\n${line}\n`)).rejects.toMatchObject({
    code: expect.stringMatching(/^UNKNOWN_(INSTRUCTION|FLAG)$/) as unknown, range: { start: { line: 2 } }, hint: `enable the plugin "${name}" that strake ships: plugins: ['${name}'] in strake.config.ts, or { "plugins": ["${name}"] } in strake.config.json`,
  });
});

test('and what none would know is not', async () => {
  await expect(plan([], 'FROM scratch\nASSSERT true\n')).rejects.toMatchObject({ hint: undefined });
  await expect(plan([], 'FROM scratch\nCOPPY a b\n')).rejects.toMatchObject({ hint: 'did you mean COPY?' });
  await expect(plan([], 'FROM scratch\nCOPY --timeout=5s a b\n')).rejects.toMatchObject({ hint: undefined });
});
