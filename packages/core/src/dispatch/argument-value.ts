import type { InstructionNode, Pair } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import { located } from './check-instructions';
import type { Lowering } from './lowering';
import { variablesOf } from './stage-state';

/** The value of a declared build argument: the given one, its default, or (without a default) the global one; or none. */
export function argumentValue({ name, value }: Pair, env: readonly string[], node: InstructionNode, lowering: Lowering): string | undefined {
  const given = lowering.options.buildArgs[name];
  if (given !== undefined) return given;
  if (value === undefined) return lowering.globals.get(name);
  return located(node, 'ARG', () => expandWord(value, variablesOf(env), { escape: lowering.file.escape }).value);
}
