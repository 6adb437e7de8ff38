import { PluginError, suggest } from '@strake/api';
import type { AnyInstructionDefinition, AnyInstructionExtension } from '@strake/api';
import { blaming } from './blaming';
import { checkFlagNames } from './check-definition';

interface Extended {
  readonly plugin: string;
  readonly extension: AnyInstructionExtension;
}

/** What plugins add to instructions of others. */
export class Extensions {
  private readonly all: Extended[] = [];

  add(plugin: string, extension: AnyInstructionExtension): void {
    checkFlagNames(plugin, Object.keys(extension.flags));
    this.all.push({ plugin, extension });
  }

  /** The definitions with the flags that were added. Throws PLUGIN_INVALID for a keyword that nobody defines, PLUGIN_CONFLICT for a flag that is taken. */
  extended(definitions: ReadonlyMap<string, AnyInstructionDefinition>): ReadonlyMap<string, AnyInstructionDefinition> {
    const table = new Map(definitions);
    const owners = new Map<string, string>();
    for (const { plugin, extension } of this.all) {
      const definition = table.get(extension.keyword);
      if (definition === undefined) throw unknownKeyword(plugin, extension.keyword, [...table.keys()]);
      for (const flag of Object.keys(extension.flags)) {
        const name = `${extension.keyword} --${flag}`;
        const owner = owners.get(name) ?? (definition.flags?.[flag] === undefined ? undefined : 'the instruction itself');
        if (owner !== undefined) throw new PluginError('PLUGIN_CONFLICT', `${plugin} and ${owner} both define ${name}`);
        owners.set(name, plugin);
      }
      table.set(extension.keyword, extend(definition, extension, plugin));
    }
    return table;
  }
}

function extend(definition: AnyInstructionDefinition, extension: AnyInstructionExtension, plugin: string): AnyInstructionDefinition {
  const names = Object.keys(extension.flags);
  const refusedFlags = Object.fromEntries(Object.entries(definition.refusedFlags ?? {}).filter(([name]) => !names.includes(name)));
  return {
    ...definition,
    flags: { ...definition.flags, ...extension.flags },
    refusedFlags,
    check: (instruction) => {
      definition.check?.(instruction);
      if (names.some((name) => instruction.flags[name] !== undefined)) blaming(plugin, `check ${definition.keyword}`, () => extension.check?.(instruction));
    },
    ...(definition.ignoresFlags === undefined ? {} : { ignoresFlags: (args) => definition.ignoresFlags?.(args) === true }),
    lower: (instruction, stage) => definition.lower(instruction, stage),
  };
}

function unknownKeyword(plugin: string, keyword: string, known: readonly string[]): PluginError {
  const near = suggest(keyword, known);
  return new PluginError('PLUGIN_INVALID', `${plugin} extends ${keyword}, which no plugin defines`, near === undefined ? {} : { hint: `did you mean ${near}?` });
}
