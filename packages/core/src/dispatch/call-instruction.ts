import type { Instruction, InstructionNode, Lowered, StageView } from '@strake/api';
import type { OnVariables } from '../expand/expand-arguments';
import type { Instructions } from '../hooks/registry';
import { definitionOf, located } from './check-instructions';
import { instructionOf } from './instruction-of';

/** An instruction and what it was lowered to. */
export interface Call {
  readonly instruction: Instruction;
  readonly lowered: Lowered;
}

/** Calls the hooks of an instruction: before, lower, after. What they throw gets the instruction's place. */
export function callInstruction(
  node: InstructionNode,
  env: ReadonlyMap<string, string>,
  view: StageView,
  registry: Instructions,
  escape: '\\' | '`',
  onVariables?: OnVariables,
  parsedBy: '\\' | '`' = escape,
): Call {
  return located(node, `lower ${node.keyword}`, () => {
    const instruction = instructionOf(node, definitionOf(node, registry), env, escape, onVariables, parsedBy);
    registry.hooks.before.for(node.keyword).call(instruction, view);
    const lowered = registry.hooks.lower.for(node.keyword).call(instruction, view);
    return { instruction, lowered: registry.hooks.after.for(node.keyword).call(lowered, instruction, view) };
  });
}
