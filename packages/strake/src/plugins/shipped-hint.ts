import type { Plugin, StrakeError } from '@strake/api';
import { createRegistry } from '@strake/core';
import { defaultPlugins } from '../builder/default-plugins';

/** What to do about a keyword or a flag that is unknown, and would be known with a plugin that strake ships; undefined for every other error. */
export async function shippedHint({ code, at }: StrakeError): Promise<string | undefined> {
  if ((code !== 'UNKNOWN_INSTRUCTION' && code !== 'UNKNOWN_FLAG') || at === undefined) return undefined;
  const { shippedPlugins } = await import('@strake/plugins');
  const [name] = Object.entries(shippedPlugins).find(([, plugins]) => knows(plugins, at)) ?? [];
  return name === undefined ? undefined : `enable the plugin "${name}" that strake ships: plugins: ['${name}'] in strake.config.ts, or { "plugins": ["${name}"] } in strake.config.json`;
}

/** `KEYWORD` or `KEYWORD --flag`. */
function knows(plugins: readonly Plugin[], asked: string): boolean {
  const registry = createRegistry();
  for (const plugin of [...defaultPlugins, ...plugins]) registry.use(plugin);
  const [keyword = '', flag] = asked.split(' --');
  const definition = registry.freeze().table.get(keyword);
  return definition !== undefined && (flag === undefined || Object.hasOwn(definition.flags ?? {}, flag));
}
