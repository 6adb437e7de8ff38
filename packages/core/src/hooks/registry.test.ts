import { defineInstruction, defineRule, InstructionError, type Plugin } from '@strake/api';
import { instructionsWith, lowerText } from '../test-support/lower-text';
import { createRegistry } from './registry';

const moo = (summary: string, replaces = false) =>
  defineInstruction({ keyword: 'MOO', summary, args: { kind: 'raw' }, replaces, lower: ({ args }) => ({ config: { labels: { [summary]: args } } }) });

const named = (name: string, plugin: Plugin): Plugin => ({ ...plugin, name });

test('a keyword that is taken', () => {
  const first = createRegistry().use(moo('one'));
  expect(() => first.use(moo('two'))).toThrow(expect.objectContaining({ name: 'PluginError', code: 'PLUGIN_CONFLICT', hint: 'say replaces: true in the one that shall win' }));
});

test('a definition that replaces another', async () => {
  const registry = instructionsWith(moo('one'), named('other', moo('two', true)));
  const [result] = (await lowerText('FROM scratch\nMOO x', { registry })).results;
  expect(result?.config.config.Labels).toEqual({ two: 'x' });
  expect(registry.table.get('MOO')?.summary).toBe('two');
});

test('a built-in instruction can be replaced', async () => {
  const run = defineInstruction({ keyword: 'RUN', summary: '', args: { kind: 'raw' }, replaces: true, lower: () => ({ config: { user: 'replaced' } }) });
  const { vertices, results } = await lowerText('FROM scratch\nRUN x', { registry: instructionsWith(run) });
  expect(vertices).toEqual([]);
  expect(results[0]?.config.config.User).toBe('replaced');
});

describe('after registration has ended', () => {
  test('nothing is defined', () => {
    const registry = createRegistry();
    registry.freeze();
    expect(() => registry.use(moo('one'))).toThrow(expect.objectContaining({ code: 'PLUGIN_INVALID', message: 'instruction-moo registers after registration has ended' }));
  });

  test('nothing is tapped', () => {
    const { hooks } = createRegistry().freeze();
    const late = 'late registers after registration has ended';
    expect(() => hooks.graph.tap('late', (graph) => graph)).toThrow(late);
    expect(() => hooks.before.for('MOO').tap('late', () => undefined)).toThrow(late);
    expect(() => hooks.done.tapPromise('late', async () => undefined)).toThrow(late);
  });

  test('the table is frozen', () => {
    expect(Object.isFrozen(createRegistry().freeze())).toBe(true);
  });
});

const broken: readonly (readonly [string, Plugin, string])[] = [
  ['lower', defineInstruction({ keyword: 'MOO', summary: '', args: { kind: 'raw' }, lower: () => { throw new Error('oops'); } }), 'instruction-moo failed in lower MOO: oops'],
  ['check', { ...moo('one'), apply: (builder) => builder.define('farm', { ...moo('one').definition, check: () => { throw new Error('oops'); } }) }, 'farm failed in check MOO: oops'],
  ['before', { name: 'watcher', apply: ({ hooks }) => hooks.before.for('MOO').tap('watcher', () => { throw new Error('oops'); }) }, 'watcher failed in before MOO: oops'],
  ['after', { name: 'watcher', apply: ({ hooks }) => hooks.after.for('MOO').tap('watcher', () => { throw new TypeError('oops'); }) }, 'watcher failed in after MOO: oops'],
];

test.each(broken)('what %s throws names plugin, hook and place', async (name, plugin, message) => {
  const registry = name === 'lower' || name === 'check' ? instructionsWith(plugin) : instructionsWith(moo('one'), plugin);
  await expect(lowerText('FROM scratch\n MOO x', { registry })).rejects.toMatchObject({
    name: 'PluginError', code: 'PLUGIN_INVALID', message, range: { start: { line: 2, column: 2 } },
  });
});

test('what a promise of a tap rejects with names the plugin', async () => {
  const plugin: Plugin = { name: 'cleaner', apply: ({ hooks }) => hooks.done.tapPromise('cleaner', async () => { throw new Error('oops'); }) };
  const { hooks } = createRegistry().use(plugin).freeze();
  await expect(hooks.done.promise({})).rejects.toMatchObject({ name: 'PluginError', message: 'cleaner failed in done: oops' });
});

test('hooks without an instruction have no place', async () => {
  const plugin: Plugin = { name: 'policy', apply: ({ hooks }) => hooks.graph.tap('policy', () => { throw new Error('refused'); }) };
  await expect(lowerText('FROM scratch', { registry: instructionsWith(plugin) })).rejects.toMatchObject({ message: 'policy failed in graph: refused', range: undefined });
});

test('an instruction’s own error is the Dockerfile’s', async () => {
  const plugin: Plugin = { name: 'policy', apply: ({ hooks }) => hooks.before.for('RUN').tap('policy', () => { throw new InstructionError('not here'); }) };
  await expect(lowerText('FROM scratch\nRUN x', { registry: instructionsWith(plugin) })).rejects.toMatchObject({ name: 'DockerfileError', message: 'not here' });
});

test.each([
  ['a keyword in lower case', { keyword: 'moo' }, 'the keyword moo is not upper case letters'],
  ['a flag in upper case', { flags: { Loud: { type: 'boolean', summary: '' } } }, 'the flag Loud is not lower case letters, digits and dashes'],
  ['more than the most', { args: { kind: 'words', min: 2, max: 1 } }, 'min is above max'],
  ['no lower', { lower: undefined }, 'lower is missing'],
])('a definition with %s', (_name, change, message) => {
  const definition = { ...moo('one').definition, ...change } as ReturnType<typeof moo>['definition'];
  expect(() => createRegistry().define('farm', definition)).toThrow(expect.objectContaining({ code: 'PLUGIN_INVALID', message: `farm: ${message}` }));
});

test('hooks are called in order', async () => {
  const calls: string[] = [];
  const call = <T>(name: string, value: T): T => {
    calls.push(name);
    return value;
  };
  const plugin: Plugin = {
    name: 'watcher',
    apply: ({ hooks }) => {
      hooks.dockerfile.tap('watcher', (file) => call('dockerfile', file));
      hooks.stageStart.tap('watcher', (triggers) => call('stageStart', triggers));
      hooks.before.for('RUN').tap('watcher', () => call('before', undefined));
      hooks.after.for('RUN').tap('watcher', (lowered) => call('after', { ...lowered, history: 'RUN changed' }));
      hooks.graph.tap('watcher', (graph) => call('graph', graph));
    },
  };
  const { results } = await lowerText('FROM scratch\nRUN x', { registry: instructionsWith(plugin) });
  expect(calls).toEqual(['dockerfile', 'stageStart', 'before', 'after', 'graph']);
  expect(results[0]?.history[0]?.created_by).toBe('RUN changed # strake');
});

describe('check rules', () => {
  const rule = (name: string, replaces = false) => defineRule({ name, description: 'd', replaces, node: () => [] });

  test('are kept in order', () => {
    const { rules } = createRegistry().use(rule('One')).use(rule('Two')).freeze();
    expect(rules.map(({ plugin, definition }) => [plugin, definition.name])).toEqual([['rule-One', 'One'], ['rule-Two', 'Two']]);
  });

  test('with a name that is taken', () => {
    const registry = createRegistry().use(rule('One'));
    expect(() => registry.use(rule('One'))).toThrow('rule-One and rule-One both define the rule One');
  });

  test('that replace another', () => {
    const { rules } = createRegistry().use(rule('One')).use(rule('One', true)).freeze();
    expect(rules).toHaveLength(1);
    expect(rules[0]?.definition.replaces).toBe(true);
  });

  test.each([
    [{ name: 'one', description: 'd', node: () => [] }, "the rule's name one is not upper camel case"],
    [{ name: 'One', description: ' ', node: () => [] }, 'the description is missing'],
    [{ name: 'One', description: 'd' }, 'the rule looks at nothing: give it file, node, stage or instruction'],
  ])('that no file could use: %#', (definition, message) => {
    expect(() => createRegistry().use(defineRule(definition))).toThrow(message);
  });

  test('after registration has ended', () => {
    const registry = createRegistry();
    registry.freeze();
    expect(() => registry.use(rule('Late'))).toThrow('rule-Late registers after registration has ended');
  });
});

describe('directives of plugins', () => {
  const registering = (key: string): Plugin => ({ name: 'registry-plugin', apply: (builder) => builder.directive('registry-plugin', { key, summary: 'where images come from' }) });
  const shown = defineInstruction({ keyword: 'SHOW', summary: '', args: { kind: 'none' }, lower: (_, { directives }) => ({ config: { labels: { ...directives } } }) });

  test('are known to the parser, and their values to instructions', async () => {
    const registry = instructionsWith(registering('Registry'), shown);
    const [result] = (await lowerText('# registry = example.test\n# escape=`\nFROM scratch\nSHOW', { registry })).results;
    expect(result?.config.config.Labels).toEqual({ registry: 'example.test', escape: '`' });
  });

  test.each(['escape', 'SYNTAX', 'check'])('%s is taken', (key) => {
    expect(() => createRegistry().use(registering(key))).toThrow(expect.objectContaining({ code: 'PLUGIN_CONFLICT' }));
  });

  test('two of one key, and a key that is none', () => {
    expect(() => createRegistry().use(registering('a')).use(registering('A'))).toThrow(expect.objectContaining({ code: 'PLUGIN_CONFLICT' }));
    expect(() => createRegistry().use(registering('a-b'))).toThrow(expect.objectContaining({ code: 'PLUGIN_INVALID' }));
  });
});
