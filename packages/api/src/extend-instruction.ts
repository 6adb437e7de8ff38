import type { Instruction } from './define-instruction';
import type { FlagSpecs } from './flags';
import type { Lowered } from './lowered';
import type { Plugin } from './plugin';
import type { StageView } from './stage';

/** Flags that an instruction of somebody else gets, and what they do. An instruction that has none of them is not touched. */
export interface InstructionExtension<F extends FlagSpecs> {
  /** Upper case letters. */
  readonly keyword: string;
  readonly flags: F;
  /** Checks what can be known without a stage, of instructions that have one of the flags. Nothing is expanded yet. Throws an `InstructionError`. */
  check?(instruction: Instruction<F>): void;
  /** Pure and synchronous. Of an instruction that has one of the flags: what is returned takes the place of what it was lowered to. Throws an `InstructionError`. */
  lower(lowered: Lowered, instruction: Instruction<F>, stage: StageView): Lowered;
}

/** An extension whose types were forgotten. */
export type AnyInstructionExtension = InstructionExtension<FlagSpecs>;

/** A plugin that extends an instruction; the extension can be read from it. */
export interface ExtensionPlugin<F extends FlagSpecs> extends Plugin {
  readonly extension: InstructionExtension<F>;
}

/** Makes a plugin of an extension. Each flag has one owner: two plugins that want the same are an error. */
export function extendInstruction<const F extends FlagSpecs>(name: string, extension: InstructionExtension<F>): ExtensionPlugin<F> {
  return {
    name,
    extension,
    apply(builder) {
      builder.extend(name, extension);
    },
  };
}
