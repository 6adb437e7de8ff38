import type { Instruction } from './define-instruction';
import type { Lowered } from './lowered';
import type { Plugin } from './plugin';
import type { StageView } from './stage';

/** An instruction that is written as another one, with the same flags and arguments, and that makes something else of it. */
export interface DerivedInstruction {
  /** Upper case letters. */
  readonly keyword: string;
  /** The keyword that it is written like. Flags that others add to that one are not among its own. */
  readonly like: string;
  /** One line for help and completion. */
  readonly summary: string;
  /** Pure and synchronous: what the other one would have been lowered to, and what this one is. Throws an `InstructionError`. */
  lower(lowered: Lowered, instruction: Instruction, stage: StageView): Lowered;
}

/** A plugin of a derived instruction; what it derives can be read from it. */
export interface DerivedPlugin extends Plugin {
  readonly derived: DerivedInstruction;
}

/** Makes a plugin of a derived instruction. Its name is `instruction-<keyword>`. */
export function deriveInstruction(derived: DerivedInstruction): DerivedPlugin {
  const name = `instruction-${derived.keyword.toLowerCase()}`;
  return {
    name,
    derived,
    apply(builder) {
      builder.derive(name, derived);
    },
  };
}
