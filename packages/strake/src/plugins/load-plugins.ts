import { OperatorError, PluginError, suggest, type Plugin } from '@strake/api';
import { readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, extname, join } from 'node:path';
import { isPlugin, type PluginEntry, type PluginModule, type SourcedPlugin } from './plugin-entry';
import { sourceOfFile } from './source-of-file';

const TYPESCRIPT = ['.ts', '.mts', '.cts'];
/** Node 22.18 and newer take the types away themselves. */
const loadsTypeScript = Boolean((process.features as { readonly typescript?: unknown }).typescript);

/** Loads what entries name, in their order. Throws CONFIG_INVALID for what is not found or is no plugin, PLUGIN_INVALID for what cannot be loaded. */
export async function loadPlugins(entries: readonly PluginEntry[], directory: string): Promise<readonly SourcedPlugin[]> {
  const loaded = await Promise.all(entries.map(async (entry, at): Promise<readonly SourcedPlugin[]> => {
    if (typeof entry === 'string') return loadModule({ specifier: entry, directory });
    if (isPlugin(entry)) return [{ plugin: entry, source: { kind: 'object' } }];
    if (isModule(entry)) return loadModule(entry);
    throw new OperatorError('CONFIG_INVALID', `plugins[${at}] is no plugin: ${shown(entry)}`, { hint: 'a plugin has a name and apply; defineInstruction and defineRule make one; a text names a package or a file' });
  }));
  return loaded.flat();
}

const isModule = (entry: unknown): entry is PluginModule => typeof entry === 'object' && entry !== null && 'specifier' in entry;
const shown = (value: unknown): string => (Array.isArray(value) ? 'a list' : value === undefined ? 'undefined; is its export named so?' : value === null ? 'null' : typeof value);

const isPath = (specifier: string): boolean => /^\.{0,2}\//.test(specifier);

async function loadModule(module: PluginModule): Promise<readonly SourcedPlugin[]> {
  const { specifier } = module;
  const shipped = isPath(specifier) ? {} : await shippedPlugins();
  if (Object.hasOwn(shipped, specifier)) return (shipped[specifier] ?? []).map((plugin) => ({ plugin, source: { kind: 'shipped', name: specifier } }));
  const path = findModule(module, Object.keys(shipped));
  const found = pluginsOf(await loadFile(path, module));
  if (found.length === 0) {
    throw new PluginError('PLUGIN_INVALID', `${path} exports no plugin`, { hint: 'export what defineInstruction or defineRule makes: export const motd = defineInstruction({ … })' });
  }
  const source = sourceOfFile(path, specifier);
  return found.map((plugin) => ({ plugin, source }));
}

/** Those that strake ships, by name; loaded when something is named that is no path. */
async function shippedPlugins(): Promise<Readonly<Record<string, readonly Plugin[]>>> {
  return (await import('@strake/plugins')).shippedPlugins;
}

/** Throws CONFIG_INVALID with what to do. */
function findModule({ specifier, directory }: PluginModule, shipped: readonly string[]): string {
  const { resolve } = createRequire(join(directory, 'strake.config.js'));
  const names = isPath(specifier) ? [specifier, ...TYPESCRIPT.map((ending) => specifier + ending), ...TYPESCRIPT.map((ending) => `${specifier}/index${ending}`)] : [specifier];
  for (const name of names) {
    try {
      return resolve(name);
    } catch {
      // The next one, then.
    }
  }
  const near = suggest(specifier, shipped);
  const hint = isPath(specifier) ? nearFile(join(directory, specifier)) : near !== undefined ? `did you mean "${near}"?` : `strake ships ${shipped.join(', ')}; for others npm install --save-dev ${specifier}; a file is named with ./ before it`;
  throw new OperatorError('CONFIG_INVALID', `the plugin ${specifier} is not found from ${directory}`, hint === undefined ? {} : { hint });
}

function nearFile(path: string): string | undefined {
  try {
    const near = suggest(path.slice(dirname(path).length + 1), readdirSync(dirname(path)));
    return near === undefined ? undefined : `did you mean ${near}?`;
  } catch {
    return undefined;
  }
}

async function loadFile(path: string, { load }: PluginModule): Promise<unknown> {
  if (TYPESCRIPT.includes(extname(path)) && load === undefined && !loadsTypeScript) {
    throw new OperatorError('CONFIG_INVALID', `${path} is TypeScript, which this Node does not load`, { hint: 'import it where your program is compiled, and give the plugin itself; the strake command loads TypeScript' });
  }
  try {
    return TYPESCRIPT.includes(extname(path)) && load !== undefined ? await load(path) : createRequire(path)(path);
  } catch (cause) {
    throw new PluginError('PLUGIN_INVALID', `${path} cannot be loaded: ${cause instanceof Error ? cause.message.trim() : String(cause)}`, { cause });
  }
}

/** What a module has as its default export, or all plugins among its exports. */
function pluginsOf(exports: unknown): ReturnType<typeof only> {
  if (isPlugin(exports)) return [exports];
  if (typeof exports !== 'object' || exports === null) return [];
  const main = only([(exports as { readonly default?: unknown }).default].flat());
  return main.length > 0 ? main : [...new Set(only(Object.values(exports)))];
}

const only = (values: readonly unknown[]) => values.filter(isPlugin);
