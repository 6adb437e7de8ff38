import type { Dockerfile, InstructionNode } from '@strake/api';
import { expandWord } from '../expand/expand-word';
import { callInstruction } from './call-instruction';
import { located } from './check-instructions';
import { declaredArgument } from './declared-argument';
import { escapeFor } from './escape-of';
import type { LowerOptions } from './lower-dockerfile';
import { platformArguments } from './platform';
import { emptyState, viewOf } from './stage-state';

/** The automatic build arguments and those that instructions before the first stage declare; given values win over defaults. */
export function globalArguments(
  nodes: readonly InstructionNode[],
  target: string,
  file: Dockerfile,
  { platform, buildPlatform, buildArgs, registry, network, facts }: LowerOptions,
): ReadonlyMap<string, string> {
  const globals = new Map(platformArguments(platform, buildPlatform, target));
  for (const name of globals.keys()) globals.set(name, buildArgs[name] ?? globals.get(name) ?? '');
  for (const node of nodes) {
    const escape = escapeFor(node, file);
    const nowhere = viewOf({ index: 0 }, emptyState(platform), escape, network);
    for (const { name, value } of callInstruction(node, new Map(), nowhere, registry, escape).lowered.args ?? []) {
      const standard = () => (value === undefined ? undefined : located(node, 'ARG', () => expandWord(value, globals, { escape })));
      const given = buildArgs[name];
      const expanded = given === undefined ? standard() : { value: given, used: [] };
      facts?.global(declaredArgument({ name, node }, expanded, given === undefined ? 'default' : 'given'));
      if (expanded !== undefined) globals.set(name, expanded.value);
    }
  }
  facts?.variables(globals);
  return globals;
}
