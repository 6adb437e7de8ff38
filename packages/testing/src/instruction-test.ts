import { deepStrictEqual } from 'node:assert';
import type { AnyInstructionDefinition, FlagSpecs, Grammar, InstructionPlugin } from '@strake/api';
import { holdFlag, holdToLaws, lowerRow } from './instruction-laws';
import type { InstructionSpec } from './instruction-spec';
import { refuseRow } from './refuse-row';

/** Registers one test: `test` of jest, vitest or node:test. */
export type TestFunction = (name: string, body: () => Promise<void>) => unknown;

/**
 * Tests an instruction by a table, and holds it to the laws of instructions: same input, same output; frozen inputs;
 * output that survives JSON; every declared flag changes what is done; the place in the file changes nothing.
 */
export function instructionTest<F extends FlagSpecs, G extends Grammar>(plugin: InstructionPlugin<F, G>, spec: InstructionSpec, test: TestFunction): void {
  // The laws are the same for whatever types of flags and arguments.
  const definition = plugin.definition as unknown as AnyInstructionDefinition;
  for (const row of spec.lowers) {
    const name = row.name ?? row.text;
    test(`${name}: is lowered`, async () => deepStrictEqual(lowerRow(definition, row).lowered, row.expected));
    test(`${name}: holds to the laws`, async () => holdToLaws(definition, row));
  }
  for (const flag of spec.flags ?? Object.keys(definition.flags ?? {})) test(`--${flag} is not ignored`, async () => holdFlag(definition, flag, spec.lowers));
  for (const row of spec.refuses ?? []) test(`${row.name ?? row.text}: is refused`, async () => refuseRow(plugin, definition, row));
}
