import { PluginError } from '@strake/api';
import type { AnyInstructionDefinition } from '@strake/api';

/** Refuses a definition that no Dockerfile could use. Throws PLUGIN_INVALID. */
export function checkDefinition(plugin: string, definition: AnyInstructionDefinition): void {
  const fail = (what: string) => {
    throw new PluginError('PLUGIN_INVALID', `${plugin}: ${what}`);
  };
  if (!/^[A-Z]+$/.test(definition.keyword)) fail(`the keyword ${definition.keyword} is not upper case letters`);
  checkFlagNames(plugin, Object.keys({ ...definition.flags, ...definition.refusedFlags }));
  if (typeof definition.lower !== 'function') fail('lower is missing');
  const { args } = definition;
  if (args.kind === 'words' && (args.min ?? 0) > (args.max ?? Infinity)) fail('min is above max');
}

/** Refuses names that no flag can have. Throws PLUGIN_INVALID. */
export function checkFlagNames(plugin: string, names: readonly string[]): void {
  const wrong = names.find((name) => !/^[a-z][a-z0-9-]*$/.test(name));
  if (wrong !== undefined) throw new PluginError('PLUGIN_INVALID', `${plugin}: the flag ${wrong} is not lower case letters, digits and dashes`);
}
