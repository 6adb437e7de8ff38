import { createRegistry } from '@strake/core';
import { defineInstruction, type AnyInstructionDefinition, type ExtensionPlugin, type FlagSpecs, type Grammar, type InstructionPlugin, type Plugin } from '@strake/api';

/** An instruction with the flags that a plugin adds to it, as one plugin that `instructionTest` takes. */
export function extended<F extends FlagSpecs>(base: InstructionPlugin<FlagSpecs, Grammar> | Plugin, { extension, ...plugin }: ExtensionPlugin<F>): InstructionPlugin<FlagSpecs, Grammar> {
  const { table } = createRegistry().use(base).use({ ...plugin }).freeze();
  const definition = known(table, extension.keyword);
  return defineInstruction({
    ...definition,
    lower: (instruction, stage) => {
      const lowered = definition.lower(instruction, stage);
      const touched = Object.keys(extension.flags).some((flag) => instruction.flags[flag] !== undefined);
      // The types of the extension's flags were forgotten with the table.
      return touched ? extension.lower(lowered, instruction as Parameters<typeof extension.lower>[1], stage) : lowered;
    },
  });
}

/** A derived instruction as one plugin that `instructionTest` takes. */
export function derived(base: Plugin, plugin: Plugin, keyword: string): InstructionPlugin<FlagSpecs, Grammar> {
  return defineInstruction(known(createRegistry().use(base).use(plugin).freeze().table, keyword));
}

function known(table: ReadonlyMap<string, AnyInstructionDefinition>, keyword: string): AnyInstructionDefinition {
  const definition = table.get(keyword);
  if (definition === undefined) throw new TypeError(`no plugin defines ${keyword}`);
  return definition;
}
