import { DockerfileError, InstructionError, StrakeError } from '@strake/api';
import type { AnyInstructionDefinition, Diagnostic, Dockerfile, InstructionNode } from '@strake/api';
import { asStrakeError, blaming } from '../hooks/blaming';
import type { Instructions } from '../hooks/registry';
import { checkShape } from '../parser/check-shape';
import { subInstructionOf } from '../parser/instruction-node';
import { suggest } from '../print/suggest';
import { escapeFor } from './escape-of';
import { instructionOf } from './instruction-of';
import { narrowRange } from './narrow-range';

/** Is told of what is odd and still done. */
export type Warn = (warning: Diagnostic) => void;

/** Checks every instruction before any is lowered. Throws the first error, with its range. */
export function checkInstructions(dockerfile: Dockerfile, registry: Instructions, warn: Warn = () => undefined): void {
  let inStage = false;
  for (const node of dockerfile.instructions) {
    const definition = checkInstruction(node, registry, escapeFor(node, dockerfile), warn);
    inStage ||= definition.startsStage === true;
    if (inStage || definition.beforeStages === true) continue;
    throw new DockerfileError('INVALID_STAGE', 'no build stage in current context', { range: node.range, hint: 'start a stage with FROM' });
  }
  if (inStage) return;
  const range = dockerfile.instructions.at(-1)?.range;
  throw new DockerfileError('INVALID_STAGE', 'dockerfile contains no stages to build', range === undefined ? {} : { range });
}

/** Checks one instruction and answers its definition. */
export function checkInstruction(node: InstructionNode, registry: Instructions, escape: '\\' | '`', warn: Warn): AnyInstructionDefinition {
  const definition = definitionOf(node, registry);
  const hook = `check ${node.keyword}`;
  located(node, hook, () => {
    const instruction = instructionOf(node, definition, undefined, escape);
    blaming(registry.owners.get(node.keyword) ?? 'a plugin', hook, () => definition.check?.(instruction));
    warnOfFlags(node, definition.ignoresFlags?.(instruction.args) === true, warn);
  });
  if (definition.args.kind === 'sub-instruction') checkTrigger(node, registry, escape, warn);
  return definition;
}

function warnOfFlags({ keyword, flags }: InstructionNode, ignored: boolean, warn: Warn): void {
  const [first] = flags;
  if (!ignored || first === undefined) return;
  const message = `${keyword} does not use ${flags.map(({ name }) => `--${name}`).join(', ')} here`;
  warn({ code: 'IgnoredFlag', severity: 'warning', message, range: first.range, hint: 'remove the flags' });
}

/**
 * Refuses what the reference's parser refuses in a trigger. All else that is wrong with one shows when it runs: here it is
 * a warning, for an image that nobody can build on is still an image.
 */
function checkTrigger(node: InstructionNode, registry: Instructions, escape: '\\' | '`', warn: Warn): void {
  const inner = subInstructionOf(node, escape);
  const grammar = registry.table.get(inner.keyword)?.args;
  if (grammar !== undefined) located(inner, `check ${node.keyword}`, () => checkShape(inner, grammar, escape));
  try {
    checkInstruction(inner, registry, escape, warn);
  } catch (error) {
    if (!(error instanceof StrakeError)) throw error;
    const { message, hint, range = node.range } = error;
    warn({ code: 'InvalidTrigger', severity: 'warning', message: `builds on this image will fail: ${message}`, range, ...(hint === undefined ? {} : { hint }) });
  }
}

/** The definition of a keyword. Throws UNKNOWN_INSTRUCTION with the nearest keyword. */
export function definitionOf(node: InstructionNode, { table }: Instructions): AnyInstructionDefinition {
  const definition = table.get(node.keyword);
  if (definition !== undefined) return definition;
  const near = suggest(node.keyword, table.keys());
  throw new DockerfileError('UNKNOWN_INSTRUCTION', `unknown instruction: ${node.written}`, {
    range: node.keywordRange,
    at: node.keyword,
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
