import type { InstructionNode, Pair } from '@strake/api';
import { expandWord, type ExpandedWord } from '../expand/expand-word';
import { located } from './check-instructions';
import { escapeFor } from './escape-of';
import type { Lowering } from './lowering';
import { variablesOf } from './stage-state';

/** The value of a declared build argument, whose it is, and the variables that its default needed. */
export interface ArgumentValue extends ExpandedWord {
  readonly from: 'given' | 'default' | 'global';
}

/** The value of a declared build argument: the given one, its default, or (without a default) the global one; or none. */
export function argumentValue({ name, value }: Pair, env: readonly string[], node: InstructionNode, lowering: Lowering): ArgumentValue | undefined {
  const plain = (text: string | undefined, from: 'given' | 'global') => (text === undefined ? undefined : { value: text, from, used: [], unset: [] });
  const given = plain(lowering.options.buildArgs[name], 'given');
  if (given !== undefined) return given;
  if (value === undefined) return plain(lowering.globals.get(name), 'global');
  return { from: 'default', ...located(node, 'ARG', () => expandWord(value, variablesOf(env), { escape: escapeFor(node, lowering.file) })) };
}
