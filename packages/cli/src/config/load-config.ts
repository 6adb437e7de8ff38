import { suggest } from '@strake/api';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, extname, join, resolve } from 'node:path';
import { UsageError } from '../argv/usage-error';
import type { BuilderConfig } from '../library';

const names = ['strake.config.ts', 'strake.config.js', 'strake.config.mjs', 'strake.config.cjs', 'strake.config.json'];

/**
 * The configuration of a directory: `explicit`, or the first `strake.config.*` found in `cwd`; empty when there is none.
 * The TypeScript loader is loaded only when a TypeScript or JavaScript file is there. Throws UsageError.
 */
export async function loadConfig(command: string, cwd: string, explicit?: string): Promise<BuilderConfig> {
  const path = explicit === undefined ? names.map((name) => join(cwd, name)).find((candidate) => existsSync(candidate)) : resolve(cwd, explicit);
  if (path === undefined) return {};
  if (!existsSync(path)) throw new UsageError(command, `the configuration file ${path} does not exist`);
  const config = await readConfig(path).catch((cause: unknown) => {
    throw new UsageError(command, `${path} cannot be loaded: ${cause instanceof Error ? cause.message.trim() : String(cause)}`);
  });
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new UsageError(command, `${path} must export an object`, extname(path) === '.json' ? undefined : 'export default defineConfig({ … })');
  }
  refuseUnknownKeys(command, path, config);
  return withPluginFiles(command, config, path);
}

async function readConfig(path: string): Promise<unknown> {
  return extname(path) === '.json' ? (JSON.parse(readFileSync(path, 'utf8')) as unknown) : loadFile(path, true);
}

/** Loads TypeScript and JavaScript of any kind. */
async function loadFile(path: string, onlyDefault = false): Promise<unknown> {
  const { createJiti } = await import('jiti');
  const loader = createJiti(__filename, { interopDefault: true, alias: ownPackages() });
  return onlyDefault ? loader.import<unknown>(path, { default: true }) : loader.import<unknown>(path);
}

/** Plugins that are named are looked for beside the configuration, when something needs them. */
function withPluginFiles(command: string, config: BuilderConfig, path: string): BuilderConfig {
  const { plugins } = config;
  if (plugins === undefined) return config;
  if (!Array.isArray(plugins)) throw new UsageError(command, `${path}: "plugins" must be a list`);
  return { ...config, plugins: plugins.map((entry: unknown) => (typeof entry === 'string' ? { specifier: entry, directory: dirname(path), load: loadFile } : entry)) as NonNullable<BuilderConfig['plugins']> };
}

const knownKeys: Readonly<Record<keyof BuilderConfig, true>> = { store: true, plugins: true, syntax: true, backend: true, backendOptions: true, cache: true, cacheFrom: true, garbage: true, cacheTo: true, cachePlaces: true, exporters: true, sources: true, cwd: true, env: true, registries: true, credentials: true, logger: true, parallelism: true, pull: true, lock: true };

/** A mistyped key would be passed over in silence, and JSON has no compiler to tell. */
function refuseUnknownKeys(command: string, path: string, config: object): void {
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(knownKeys, key));
  if (unknown === undefined) return;
  const near = suggest(unknown, Object.keys(knownKeys));
  throw new UsageError(command, `${path}: unknown key "${unknown}"`, near === undefined ? `known: ${Object.keys(knownKeys).join(', ')}` : `did you mean ${near}?`);
}

/** A configuration and its plugins get the very packages that build: nothing need be installed beside them. */
function ownPackages(): Record<string, string> {
  return { '@strake/api': require.resolve('@strake/api'), '@strake/plugins': require.resolve('@strake/plugins'), strake: require.resolve('strake') };
}
