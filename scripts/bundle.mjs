// Bundles the command into packages/cli/dist. Few files start faster than hundreds, and what a command does without is not loaded:
//   start.cjs    loads the others with their compiled code     strake.cjs   argv, help, progress
//   library.cjs  the package `strake`, for commands that work  api.cjs      the contract, shared by both and by plugins
//   registry.cjs the client of registries, for what talks to one      worker.js    the threads of the embedded backend
//   plugins.cjs  the plugins that a configuration names
//   server.cjs   what `strake serve` runs                     dockerode.cjs  the client of Docker Engines, without what nobody calls
//   aws.cjs      AWS's libraries, for caches in buckets       sshpk.cjs    keys of SSH     yaml.cjs  YAML
//   create.cjs   what `strake create` writes                   pack-thread.js  a thread that packs a layer
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './rooms.mjs';

const neighbours = {
  strake: './library.cjs', '@strake/api': './api.cjs', '@strake/registry': './registry.cjs', '@strake/plugins': './plugins.cjs', '@strake/server': './server.cjs', 'create-strake-plugin': './create.cjs',
  dockerode: './dockerode.cjs', sshpk: './sshpk.cjs', yaml: './yaml.cjs',
};
/** Leaves the packages of the map to the files beside the bundle. */
const apart = (packages) => ({
  name: 'apart',
  setup: (builder) => builder.onResolve({ filter: /^(strake|create-strake-plugin|dockerode|sshpk|yaml|@strake\/(?:api|registry|plugins|server))$/ }, ({ path }) => (packages.includes(path) ? { path: neighbours[path], external: true } : undefined)),
});

/** Modules of Node that most commands do without, loaded when something of them is used. */
const LAZY = /^node:(?:child_process|crypto|dns|fs\/promises|http|https|net|readline\/promises|tls|worker_threads|zlib)$/;
const lazyBuiltins = {
  name: 'lazy-builtins',
  setup(builder) {
    builder.onResolve({ filter: LAZY }, ({ path, kind, namespace }) => (kind === 'import-statement' && namespace !== 'lazy' ? { path, namespace: 'lazy' } : { path, external: true }));
    builder.onLoad({ filter: /.*/, namespace: 'lazy' }, ({ path }) => {
      const getters = Object.keys(process.getBuiltinModule(path)).map((name) => `get ${name}() { return require('${path}').${name}; }`);
      // On a prototype: what each importing file copies is then nothing.
      return { contents: `module.exports = Object.create({ ${getters.join(', ')} });` };
    });
  },
};

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  tsconfig: 'tsconfig.test.json',
  keepNames: true,
  // what is read is half as much; names stay
  minifyWhitespace: true,
  lineLimit: 200,
  external: ['koffi', 'jiti'],
  // the bundles are compiled as scripts, which cannot import()
  supported: { 'dynamic-import': false },
  logLevel: 'warning',
};

/** AWS's libraries are as large as all else together. */
const awsApart = {
  name: 'aws-apart',
  setup: (builder) => builder.onResolve({ filter: /^\.\/aws$/ }, ({ importer }) => (/\/cache-s3\//.test(importer) ? { path: './aws.cjs', external: true } : undefined)),
};

/** dockerode brings a gRPC client, an SSH client and a packer of contexts, which this product does without: SSH goes through the `ssh` program. */
const withoutExtras = {
  name: 'without-extras',
  setup(builder) {
    builder.onResolve({ filter: /^(\.\/session|\.\/ssh|tar-fs|@balena\/dockerignore)$/ }, ({ path, importer }) => (/\/(?:dockerode|docker-modem)\/lib\//.test(importer) ? { path, namespace: 'nothing' } : undefined));
    builder.onResolve({ filter: /^zlib$/ }, ({ namespace }) => (namespace === 'lazy' ? undefined : { path: 'node:zlib', namespace: 'lazy' }));
    builder.onLoad({ filter: /.*/, namespace: 'nothing' }, () => ({ contents: 'module.exports = function unused() { throw new Error("left out of this bundle"); };' }));
  },
};
/** A package by itself. */
const whole = (name, user, plugins = []) => build({ ...shared, stdin: { contents: `module.exports = require('${name}');`, resolveDir: join(root, user) }, outfile: `packages/cli/dist/${name}.cjs`, plugins });

const bundle = (entry, file, packages = []) => build({ ...shared, entryPoints: [entry], outfile: `packages/cli/dist/${file}`, plugins: [apart(packages), awsApart, lazyBuiltins] });
const worker = ['ts', 'js'].map((ending) => `plugins/backend-embedded/src/worker.${ending}`).find((path) => existsSync(join(root, path)));
await Promise.all([
  bundle('packages/cli/src/start/index.ts', 'start.cjs'),
  bundle('packages/cli/src/index.ts', 'strake.cjs', ['strake', '@strake/api', '@strake/plugins', '@strake/server', 'create-strake-plugin']),
  bundle('packages/server/src/index.ts', 'server.cjs', ['strake', '@strake/api']),
  bundle('packages/strake/src/index.ts', 'library.cjs', ['@strake/api', '@strake/registry', '@strake/plugins', 'dockerode', 'sshpk', 'yaml']),
  bundle('packages/registry/src/index.ts', 'registry.cjs', ['@strake/api']),
  bundle('packages/plugins/src/index.ts', 'plugins.cjs', ['@strake/api']),
  bundle('packages/create-strake-plugin/src/index.ts', 'create.cjs'),
  bundle('packages/api/src/index.ts', 'api.cjs'),
  whole('dockerode', 'plugins/backend-docker', [withoutExtras, lazyBuiltins]),
  whole('sshpk', 'packages/secrets'),
  whole('yaml', 'plugins/backend-embedded'),
  bundle('plugins/cache-s3/src/aws.ts', 'aws.cjs'),
  ...(worker === undefined ? [] : [bundle(worker, 'worker.js')]),
  bundle('packages/oci/src/layer/pack-thread.ts', 'pack-thread.js'),
]);
execFileSync(process.execPath, [join(root, 'scripts/code-cache.mjs')], { stdio: 'inherit' });
