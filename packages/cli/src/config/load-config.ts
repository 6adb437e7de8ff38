import { suggest } from '@strake/api';
import { existsSync } from 'node:fs';
import { extname, join, resolve } from 'node:path';
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
  const { createJiti } = await import('jiti');
  const loader = createJiti(__filename, { interopDefault: true, alias: ownPackages() });
  const config = await loader.import<unknown>(path, { default: true }).catch((cause: unknown) => {
    throw new UsageError(command, `${path} cannot be loaded: ${cause instanceof Error ? cause.message.trim() : String(cause)}`);
  });
  if (typeof config !== 'object' || config === null || Array.isArray(config)) {
    throw new UsageError(command, `${path} must export an object`, extname(path) === '.json' ? undefined : 'export default defineConfig({ … })');
  }
  refuseUnknownKeys(command, path, config);
  return config;
}

const knownKeys: Readonly<Record<keyof BuilderConfig, true>> = { store: true, plugins: true, syntax: true, backend: true, cache: true, exporters: true, sources: true, cwd: true, env: true, registries: true, credentials: true, logger: true, parallelism: true, pull: true, lock: true };

/** A mistyped key would be passed over in silence, and JSON has no compiler to tell. */
function refuseUnknownKeys(command: string, path: string, config: object): void {
  const unknown = Object.keys(config).find((key) => !Object.hasOwn(knownKeys, key));
  if (unknown === undefined) return;
  const near = suggest(unknown, Object.keys(knownKeys));
  throw new UsageError(command, `${path}: unknown key "${unknown}"`, near === undefined ? `known: ${Object.keys(knownKeys).join(', ')}` : `did you mean ${near}?`);
}

/** A configuration and its plugins get the very packages that build: an error's class is then the same on both sides, and nothing need be installed beside them. */
function ownPackages(): Record<string, string> {
  return { '@strake/api': require.resolve('@strake/api'), '@strake/plugins': require.resolve('@strake/plugins'), strake: require.resolve('strake') };
}
