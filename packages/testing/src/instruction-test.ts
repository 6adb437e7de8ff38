import { deepStrictEqual } from 'node:assert';
import type { FlagSpecs, Grammar, Instruction, InstructionPlugin, Lowered, StageView } from '@strake/api';

/** One case: what goes in, and what must come out. Parts left out are those of an empty stage. */
export interface InstructionRow<F extends FlagSpecs, G extends Grammar> {
  readonly name: string;
  readonly instruction: Pick<Instruction<F, G>, 'args'> & Partial<Instruction<F, G>>;
  readonly stage?: Partial<StageView>;
  readonly expected: Lowered;
}

const STAGE: StageView = {
  name: undefined, index: 0, platform: { os: 'linux', architecture: 'amd64' }, config: {}, changed: new Set(),
  shell: ['/bin/sh', '-c'], args: [], declared: [], env: [], workdir: '/', network: 'default', expand: (text) => text,
};

/**
 * Lowers every row, and holds the plugin to the laws: same input, same output; frozen inputs; output that survives
 * JSON. Throws an `AssertionError` that names the row.
 */
export function instructionTest<F extends FlagSpecs, G extends Grammar>(plugin: InstructionPlugin<F, G>, rows: readonly InstructionRow<F, G>[]): void {
  for (const { name, instruction, stage, expected } of rows) {
    const given = freeze({ keyword: plugin.definition.keyword, flags: {}, heredocs: [], text: '', ...instruction });
    const view = freeze({ ...STAGE, ...stage });
    const lowered = plugin.definition.lower(given, view);
    deepStrictEqual(lowered, expected, `${name}: lowered`);
    deepStrictEqual(plugin.definition.lower(given, view), lowered, `${name}: the same again`);
    deepStrictEqual(JSON.parse(JSON.stringify(lowered)), lowered, `${name}: JSON`);
  }
}

function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(freeze);
  }
  return value;
}
