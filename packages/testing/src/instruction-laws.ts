import { deepStrictEqual, fail, ok } from 'node:assert';
import { isDeepStrictEqual } from 'node:util';
import type { AnyInstructionDefinition, Instruction, Lowered } from '@strake/api';
import { freezeDeep, instructionOf, parseDockerfile, syntaxOf } from '@strake/core';
import type { LoweredRow } from './instruction-spec';
import { testStage, variables } from './test-stage';

/** Lowers a row's instruction; frozen is all that it gets. `before` is text above it in the file. */
export function lowerRow(definition: AnyInstructionDefinition, row: LoweredRow, before = ''): { readonly instruction: Instruction; readonly lowered: Lowered } {
  const syntax = new Map([[definition.keyword, syntaxOf(definition.args)]]);
  const { instructions: [node], escape } = parseDockerfile(`${before}${row.text}\n`, { file: `Dockerfile.${before.length}`, syntax });
  if (node === undefined) fail(`${row.text}: no instruction`);
  definition.check?.(instructionOf(node, definition, undefined, escape));
  const instruction = instructionOf(node, definition, variables(row.stage?.env ?? []), escape);
  return { instruction, lowered: definition.lower(instruction, freezeDeep(testStage(row.stage))) };
}

/** Same input, same output; plain JSON; the place in the file changes nothing. Throws an `AssertionError`. */
export function holdToLaws(definition: AnyInstructionDefinition, row: LoweredRow): void {
  const { lowered } = lowerRow(definition, row);
  deepStrictEqual(lowerRow(definition, row).lowered, lowered, 'the same input gave another output');
  deepStrictEqual(JSON.parse(JSON.stringify(lowered)), lowered, 'the output does not survive JSON');
  deepStrictEqual(lowerRow(definition, row, '# a comment\n\n  \t').lowered, lowered, 'the place in the file changed the output');
}

/**
 * Some row has the flag and gives another output without it: no flag is ignored. One that is said to be in no key must leave all that reaches
 * keys as it is. Throws an `AssertionError`.
 */
export function holdFlag(definition: AnyInstructionDefinition, flag: string, rows: readonly LoweredRow[]): void {
  const keyed = definition.flags?.[flag]?.keyed !== false;
  const shown = rows.some((row) => {
    const { instruction, lowered } = lowerRow(definition, row);
    if (instruction.flags[flag] === undefined) return false;
    const flags = Object.fromEntries(Object.entries(instruction.flags).filter(([name]) => name !== flag));
    const without = definition.lower(freezeDeep({ ...instruction, flags }), freezeDeep(testStage(row.stage)));
    const same = isDeepStrictEqual(work(without), work(lowered));
    if (keyed) return !same;
    ok(same, `--${flag} is said to be in no key, and changes what is done`);
    return !isDeepStrictEqual(without, lowered);
  });
  ok(shown, `no row shows that --${flag} changes ${keyed ? 'what is done' : 'anything'}`);
}

/** What of an output reaches keys and images; its history is told either way, and what is asked of caching and attempts is in no key. */
function work({ ops, link, aside, squash, config, args, stage, warnings }: Lowered): Lowered {
  return JSON.parse(JSON.stringify({ ops, link, aside, squash, config, args, stage, warnings })) as Lowered;
}
