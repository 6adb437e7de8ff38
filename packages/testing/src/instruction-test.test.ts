import { defineInstruction, InstructionError, type FlagSpecs, type Lowered } from '@strake/api';
import type { InstructionSpec } from './instruction-spec';
import { instructionTest } from './instruction-test';

/** The tests that a plugin fails, and what each says. */
async function failures(lower: (flags: Readonly<Record<string, unknown>>, words: readonly string[]) => Lowered, spec: InstructionSpec, flags: FlagSpecs = {}): Promise<readonly string[]> {
  const plugin = defineInstruction({ keyword: 'MOO', summary: 'moos', flags, args: { kind: 'words' }, lower: (instruction) => lower(instruction.flags, instruction.args) });
  const tests: [string, () => Promise<void>][] = [];
  instructionTest(plugin, spec, (name, body) => tests.push([name, body]));
  const found = await Promise.all(tests.map(([name, body]) => body().then(() => [], (error: unknown) => [`${name}: ${String(error)}`])));
  return found.flat();
}

const label = (value: string): Lowered => ({ config: { labels: { moo: value } } });
const spec: InstructionSpec = { lowers: [{ text: 'MOO x', expected: label('x') }] };

test('an instruction that holds to the laws', async () => {
  expect(await failures((_flags, [word = '']) => label(word), spec)).toEqual([]);
});

test('another output', async () => {
  expect(await failures(() => label('y'), spec)).toEqual([expect.stringContaining('MOO x: is lowered: AssertionError')]);
});

test('chance', async () => {
  let calls = 0;
  const found = await failures(() => label(String((calls += 1))), { lowers: [{ text: 'MOO', expected: label('1') }] });
  expect(found).toEqual([expect.stringContaining('MOO: holds to the laws: AssertionError [ERR_ASSERTION]: the same input gave another output')]);
});

test('output that is no JSON', async () => {
  const lower = () => ({ config: { user: undefined } }) as unknown as Lowered;
  expect((await failures(lower, { lowers: [{ text: 'MOO', expected: lower() }] })).join()).toContain('the output does not survive JSON');
});

test('input that is changed', async () => {
  const lower = (_flags: object, words: readonly string[]) => label(String((words as string[]).push('z')));
  expect((await failures(lower, spec)).join()).toContain('object is not extensible');
});

describe('a flag', () => {
  const loud: FlagSpecs = { loud: { type: 'boolean', summary: 'moos loudly' } };
  const rows = (expected: Lowered): InstructionSpec => ({ lowers: [{ text: 'MOO --loud x', expected }] });

  test('that is ignored', async () => {
    expect(await failures(() => label('x'), rows(label('x')), loud)).toEqual([expect.stringContaining('no row shows that --loud changes what is done')]);
  });

  test('that no row has', async () => {
    expect(await failures((flags) => label(flags['loud'] ? 'X' : 'x'), spec, loud)).toEqual([expect.stringContaining('no row shows that --loud')]);
  });

  test('that changes the output', async () => {
    expect(await failures((flags) => label(flags['loud'] ? 'X' : 'x'), rows(label('X')), loud)).toEqual([]);
  });
});

describe('a refusal', () => {
  const refuse = () => {
    throw new InstructionError('no', { at: 'x' });
  };
  const row = { text: 'MOO \\\n  x', message: 'no', at: '2:3' };

  test('that is as the table says', async () => {
    expect(await failures(refuse, { lowers: [], refuses: [row] })).toEqual([]);
  });

  test('at another place', async () => {
    expect(await failures(refuse, { lowers: [], refuses: [{ ...row, at: '1:1' }] })).toHaveLength(1);
  });

  test('that does not come', async () => {
    expect(await failures(() => ({}), { lowers: [], refuses: [row] })).toEqual([expect.stringContaining('was not refused')]);
  });
});
