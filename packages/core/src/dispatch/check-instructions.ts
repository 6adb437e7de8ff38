import { DockerfileError, InstructionError } from '@strake/api';
import type { AnyInstructionDefinition, Dockerfile, InstructionNode } from '@strake/api';
import { asStrakeError, blaming, type Instructions } from '../hooks/registry';
import { suggest } from '../print/suggest';
import { instructionOf } from './instruction-of';
import { narrowRange } from './narrow-range';

/** Checks every instruction before any is lowered. Throws the first error, with its range. */
export function checkInstructions(dockerfile: Dockerfile, registry: Instructions): void {
  let inStage = false;
  for (const node of dockerfile.instructions) {
    const definition = checkInstruction(node, registry, dockerfile.escape);
    inStage ||= definition.startsStage === true;
    if (inStage || definition.beforeStages === true) continue;
    throw new DockerfileError('INVALID_STAGE', 'no build stage in current context', { range: node.range, hint: 'start a stage with FROM' });
  }
  if (inStage) return;
  const range = dockerfile.instructions.at(-1)?.range;
  throw new DockerfileError('INVALID_STAGE', 'dockerfile contains no stages to build', range === undefined ? {} : { range });
}

/** Checks one instruction and answers its definition. */
export function checkInstruction(node: InstructionNode, registry: Instructions, escape: '\\' | '`'): AnyInstructionDefinition {
  const definition = definitionOf(node, registry);
  const hook = `check ${node.keyword}`;
  located(node, hook, () => {
    const instruction = instructionOf(node, definition, undefined, escape);
    blaming(registry.owners.get(node.keyword) ?? 'a plugin', hook, () => definition.check?.(instruction));
  });
  return definition;
}

/** The definition of a keyword. Throws UNKNOWN_INSTRUCTION with the nearest keyword. */
export function definitionOf(node: InstructionNode, { table }: Instructions): AnyInstructionDefinition {
  const definition = table.get(node.keyword);
  if (definition !== undefined) return definition;
  const near = suggest(node.keyword, table.keys());
  throw new DockerfileError('UNKNOWN_INSTRUCTION', `unknown instruction: ${node.written}`, {
    range: node.keywordRange,
    ...(near === undefined ? {} : { hint: `did you mean ${near}?` }),
  });
}

/**
 * Runs something of an instruction, or of the flag `about`; errors without a place get its place, or that of the piece
 * that they name.
 */
export function located<T>(node: InstructionNode, hook: string, work: () => T, about?: string): T {
  try {
    return work();
  } catch (error) {
    const known = asStrakeError(error, 'a plugin', hook);
    const at = known.cause instanceof InstructionError ? known.cause.at : about;
    known.range ??= at === undefined ? node.range : narrowRange(node, at);
    throw known;
  }
}
