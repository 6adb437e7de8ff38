import { StrakeError } from '@strake/api';
import { Readable } from 'node:stream';
import type { BuilderConfig } from '../builder/builder-config';
import type { BuildOptions } from '../build/build-options';
import { givenConfig, givenFix, givenOptions } from './given';

const said = (look: () => unknown): string | undefined => {
  try {
    look();
    return undefined;
  } catch (error) {
    if (!(error instanceof StrakeError)) throw error;
    return [error.code, error.message, ...(error.hint === undefined ? [] : [error.hint])].join(' | ');
  }
};

const TOKEN = 'hunter2';

// What JSON and JavaScript can give: no compiler has seen it.
test.each<readonly [Readonly<Record<string, unknown>> | undefined | number, string]>([
  [undefined, 'options must be an object, not undefined'],
  [5, 'options must be an object, not a number'],
  [{ tag: ['app'] }, 'options cannot have "tag" | did you mean tags?'],
  [{ tags: 'app' }, 'options.tags must be a list of texts, not this text'],
  [{ tags: ['app', 5] }, 'options.tags[1] must be a text, not a number'],
  [{ context: 5 }, 'options.context must be a path, a URL, { files } or { tar }, not a number'],
  [{ context: {} }, 'options.context must be a path, a URL, { files } or { tar }, not an object'],
  [{ context: { tar: 'app.tar' } }, 'options.context.tar must be a stream, not this text'],
  [{ context: { files: ['a'] } }, 'options.context.files must be an object with files by path, not a list'],
  [{ context: { files: { 'src/a': null } } }, 'options.context.files["src/a"] must be a text, bytes, an async iterable, or an object with content, link or directory, not null'],
  [{ context: { files: { a: { content: 5 } } } }, 'options.context.files["a"].content must be a text, bytes, an async iterable, or a function that gives one, not a number'],
  [{ context: { files: { a: { content: '', mode: '755' } } } }, 'options.context.files["a"].mode must be permission bits such as 0o755, not this text'],
  [{ context: { files: { a: { content: '', mod: 0o755 } } } }, 'options.context.files["a"] cannot have "mod" | did you mean mode?'],
  [{ context: { files: { a: { directory: false } } } }, 'options.context.files["a"].directory must be true, not a boolean'],
  [{ buildContexts: { tools: 5 } }, 'options.buildContexts["tools"] must be a path, a URL, { files } or { tar }, not a number'],
  [{ dockerfile: { text: 'FROM scratch' } }, 'options.dockerfile has no name'],
  [{ dockerfile: { text: Buffer.from(''), name: 'Dockerfile' } }, 'options.dockerfile.text must be a text, not an object'],
  [{ ignore: { patterns: '*.log' } }, 'options.ignore.patterns must be a list of texts, not this text'],
  [{ buildArgs: ['A=1'] }, 'options.buildArgs must be an object with values by name, not a list'],
  [{ buildArgs: { DEBUG: true } }, 'options.buildArgs["DEBUG"] must be a text, not a boolean'],
  [{ labels: { a: 1 } }, 'options.labels["a"] must be a text, not a number'],
  [{ outputs: ['type=oci'] }, 'options.outputs[0] must be an object, not this text'],
  [{ outputs: [{ type: 'oci', dest: 'x' }] }, 'options.outputs[0] has no attributes'],
  [{ outputs: [{ type: 'oci', attributes: { tar: false } }] }, 'options.outputs[0].attributes["tar"] must be a text, not a boolean'],
  [{ network: 'bridge' }, 'options.network must be "default", "none" or "host", not this text'],
  [{ noCache: 'yes' }, 'options.noCache must be true or false, not this text'],
  [{ pull: true }, 'options.pull must be "always", "missing", "newer" or "never", not a boolean'],
  [{ lock: 'yes' }, 'options.lock must be true, false, "update" or "frozen", not this text'],
  [{ limits: { mem: 1 } }, 'options.limits cannot have "mem" | known: memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, shmSize, cpusetCpus, cpusetMems, cgroupParent, ulimits'],
  [{ ssh: [{ id: 'default' }] }, 'options.ssh[0] has no paths'],
  [{ secrets: { npm: TOKEN } }, 'options.secrets["npm"] must be a function, or an object with file, env or value, not this text'],
  [{ secrets: { npm: { valu: TOKEN } } }, 'options.secrets["npm"] must be a function, or an object with file, env or value, not an object'],
  [{ secretArgs: { npm: [TOKEN] } }, 'options.secretArgs["npm"] must be a text, not a list'],
  [{ signal: {} }, 'options.signal must be an AbortSignal, not an object'],
  [{ onEvent: 'log' }, 'options.onEvent must be a function, not this text'],
])('options %j', (options, message) => {
  expect(said(() => givenOptions(options as unknown as BuildOptions))).toBe(`USAGE | ${message}`);
  expect(message).not.toContain(TOKEN);
});

test.each<readonly [Readonly<Record<string, unknown>> | null, string]>([
  [null, 'config must be an object, not null'],
  [{ stor: '/srv' }, 'config cannot have "stor" | did you mean store?'],
  [{ store: '' }, 'config.store must be the path of a folder, not this text'],
  [{ plugins: {} }, 'config.plugins must be a list, not an object'],
  [{ backend: 5 }, 'config.backend must be a name or a function, not a number'],
  [{ backendOptions: { tls: true } }, 'config.backendOptions["tls"] must be a text, not a boolean'],
  [{ cache: {} }, 'config.cache must be a name, a function, or an object with rules or tiers, not an object'],
  [{ exporters: [{}] }, 'config.exporters[0] must be an object with check(), export(), not an object'],
  [{ sources: [5] }, 'config.sources[0] must be an object with check(), resolve(), fetch(), not a number'],
  [{ registries: { mirror: {} } }, 'config.registries cannot have "mirror" | did you mean mirrors?'],
  [{ credentials: {} }, 'config.credentials must be a function, not an object'],
  [{ logger: { info: () => undefined } }, 'config.logger must be an object with debug(), info(), warn(), error(), not an object'],
  [{ syntax: [{ image: 'x', use: 'drop' }] }, 'config.syntax[0].use must be "ignore" or "refuse", not this text'],
  [{ env: null }, 'config.env must be an object, not null'],
])('the configuration %j', (config, message) => {
  expect(said(() => givenConfig(config as unknown as BuilderConfig))).toBe(`CONFIG_INVALID | ${message}`);
});

test('what is undefined is as if it were not there', () => {
  expect(givenOptions({ tags: undefined, target: 'app' })).toEqual({ target: 'app' });
  expect(Object.keys(givenConfig({ pull: undefined }))).toEqual([]);
});

test('all that the types allow is taken as it is', () => {
  class Vault {
    get(): Promise<undefined> {
      return Promise.resolve(undefined);
    }
  }
  const options: BuildOptions = {
    context: { files: { a: 'x', b: Buffer.from('x'), c: Readable.from([]), d: { content: () => 'x', mode: 0o755 }, e: { link: 'a' }, f: { directory: true, mode: 0o700 } } },
    buildContexts: { tools: '/srv/tools', more: { tar: Readable.from([]) }, base: 'docker-image://alpine' },
    buildArgs: { A: '1', B: undefined },
    secrets: new Vault(),
    ssh: { socket: () => Promise.resolve(undefined) },
    limits: { memory: 1 << 30, ulimits: [{ name: 'nofile', soft: 1, hard: 2 }] },
    outputs: [{ type: 'oci', attributes: { dest: 'x' } }],
    signal: AbortSignal.timeout(1000),
    pull: 'newer',
    lock: 'frozen',
  };
  expect(givenOptions(options)).toEqual(options);
  expect(givenOptions({ secrets: { a: { file: 'x' }, b: { env: 'X' }, c: { value: Buffer.from('x') }, d: () => 'x' }, ssh: [{ id: '', paths: [] }] })).toBeDefined();
  expect(givenFix({ changeImage: true, context: '.' })).toEqual({ changeImage: true, context: '.' });
  const config: BuilderConfig = { store: '/srv', logger: console, cache: { tiers: ['content', { rules: [{ use: 'none' }] }] }, env: process.env, registries: { insecure: ['a'] }, credentials: () => undefined, syntax: [{ image: '*', use: [] }] };
  expect(givenConfig(config)).toEqual(config);
});
