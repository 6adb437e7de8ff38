import { DockerfileError, StrakeError } from '@strake/api';
import type { InstructionNode } from '@strake/api';
import type { Instructions } from '../hooks/registry';
import { parseDockerfile } from '../parser/parse-dockerfile';
import { checkInstruction, type Warn } from './check-instructions';
import type { Stage } from './stages';

/** A trigger is a text of its own: the directives of no file count for it. */
export const TRIGGER_ESCAPE = '\\';

/** The instruction of a trigger. Its places are those in its own text: `atTrigger` puts errors where they belong. */
export function triggerNode(text: string, { node: from }: Stage, registry: Instructions, warn: Warn): InstructionNode {
  const { instructions } = parseDockerfile(text, { file: from.range.file, syntax: registry.syntax });
  const [node] = instructions;
  if (node === undefined || instructions.length !== 1) {
    throw new DockerfileError('INVALID_ARGUMENTS', 'onbuild trigger should be a single expression');
  }
  checkInstruction(node, registry, TRIGGER_ESCAPE, warn);
  return { ...node, range: from.range };
}

/** Does something of a trigger; its errors get the place of the FROM that runs it and say what the trigger is. */
export async function atTrigger<T>(text: string, { node }: Stage, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StrakeError)) throw error;
    error.range = node.range;
    error.notes = [...error.notes, `it is a trigger of the base: ONBUILD ${text}`];
    throw error;
  }
}
