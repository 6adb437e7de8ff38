/**
 * Who may import whom: the table of docs/ARCHITECTURE.md as dependency-cruiser rules. `pathNot` keeps tests and what only they use out: they may use anything.
 * @type {import('dependency-cruiser').IConfiguration}
 */
const fileIO = '^(node:)?(fs|fs/promises|child_process|net|http|https|http2|dgram|tls|cluster|worker_threads|dns|os|repl|inspector)$';
const source = (folder) => ({ path: `^${folder}/src/`, pathNot: '\\.test\\.ts$|/test-support/' });
const anyRoom = '^(packages|plugins)/';

const only = (name, folder, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: source(folder),
  to: { path: anyRoom, pathNot: [`^${folder.replace('[^/]+', '$1')}/`, ...allowed.map((room) => `^${room}/`)] },
});

const within = (group, kind) => `${group}/(${kind}-[^/]+)`;

/** Rules about a plugin's own room need its name: `$1` is what the group in `from` matched. */
const plugin = (name, kind, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: source(within('plugins', kind)),
  to: { path: anyRoom, pathNot: ['^plugins/$1/', ...allowed.map((room) => `^packages/${room}/`)] },
});

const noIO = (name, folder) => ({ name, comment: 'decides, and reads or writes nothing', severity: 'error', from: source(folder), to: { dependencyTypes: ['core'], path: fileIO } });
const packages = (...names) => names.map((name) => `packages/${name}`);

module.exports = {
  forbidden: [
    { name: 'no-cycles', comment: 'a cycle of imports has no beginning to load from; types may refer to each other', severity: 'error', from: {}, to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } } },
    only('api-stands-alone', 'packages/api', [], 'the contract depends on nothing'),
    { name: 'api-imports-types-only', comment: 'no run-time dependency, of npm or of Node', severity: 'error', from: source('packages/api'), to: { dependencyTypesNot: ['type-only'], path: 'node_modules|^node:|^(fs|path|crypto)$' } },
    only('core-knows-the-contract-only', 'packages/core', packages('api'), 'text in, build graph out'),
    { name: 'core-takes-tapable-only', comment: 'the only library of the core', severity: 'error', from: source('packages/core'), to: { path: 'node_modules/', pathNot: 'node_modules/(tapable|@types)/' } },
    only('solver-knows-contract-and-images', 'packages/solver', packages('api', 'oci'), 'backends and caches come by injection'),
    only('oci-knows-contract-and-system-calls', 'packages/oci', packages('api', 'syscalls'), 'the image model stands below the solver'),
    only('registry-knows-contract-and-images', 'packages/registry', packages('api', 'oci'), 'a client of registries knows nothing of builds'),
    only('secrets-know-contract-only', 'packages/secrets', packages('api'), 'values go to whoever asks, and nowhere else'),
    only('context-knows-contract-only', 'packages/context', packages('api', 'syscalls'), 'contexts know nothing of images'),
    only('syscalls-stand-alone', 'packages/syscalls', [], 'the kernel, and nothing of a build'),
    only('create-stands-alone', 'packages/create-strake-plugin', [], 'texts, and where they are written'),
    only('cli-through-strake', 'packages/cli', packages('api', 'strake', 'create-strake-plugin', 'server', 'plugins'), 'the command has no way of its own to a build'),
    only('server-through-strake', 'packages/server', packages('api', 'strake', 'syscalls'), 'the server has no way of its own to a build'),
    plugin('instructions-know-the-contract-only', 'instruction', ['api'], 'an instruction lowers, it does not act'),
    plugin('extensions-know-the-contract-only', 'extension', ['api'], 'an extension lowers, it does not act'),
    plugin('facts-know-the-contract-only', 'fact', ['api'], 'a fact is found, nothing is done about it'),
    { name: 'shipped-plugins-gather', comment: 'a list of plugins, and nothing else', severity: 'error', from: source('packages/plugins'), to: { path: anyRoom, pathNot: ['^packages/(plugins|api)/', '^plugins/(instruction|extension|fact)-'] } },
    plugin('rules-know-the-contract-only', 'check', ['api'], 'a rule looks, it does not act'),
    only('checks-know-the-contract-only', 'packages/checks', packages('api'), 'facts in, violations out'),
    plugin('backends', 'backend', ['api', 'oci', 'solver', 'context', 'syscalls'], 'no core, no other plugin'),
    plugin('caches-exporters-sources', '(?:cache|export|source)', ['api', 'oci', 'registry', 'context', 'syscalls'], 'no core, no solver, no other plugin'),
    noIO('api-without-io', 'packages/api'),
    noIO('core-without-io', 'packages/core'),
    noIO('instructions-without-io', within('plugins', 'instruction')),
    noIO('extensions-without-io', within('plugins', 'extension')),
    noIO('rules-without-io', within('plugins', 'check')),
    noIO('checks-without-io', 'packages/checks'),
    { name: 'tsyringe-in-strake-only', comment: 'injection happens once, at the composition root', severity: 'error', from: { path: anyRoom, pathNot: '^packages/strake/|\\.test\\.ts$' }, to: { path: '(^|node_modules/)(tsyringe|reflect-metadata)(/|$)' } },
    { name: 'no-way-back-to-the-root', comment: 'only the command and examples stand above strake', severity: 'error', from: { path: anyRoom, pathNot: '^packages/(strake|cli|server)/|\\.test\\.ts$' }, to: { path: '^packages/strake/' } },
    { name: 'resolvable', comment: 'every import is declared and found', severity: 'error', from: { path: anyRoom }, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(packages|plugins)/[^/]+/dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.test.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'require', 'node', 'default'] },
  },
};
