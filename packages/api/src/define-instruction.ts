import { isOfKind, markKinds } from './errors';
import type { FlagSpecs, FlagValues } from './flags';
import type { Arguments, Grammar } from './grammar';
import type { Lowered } from './lowered';
import type { Plugin } from './plugin';
import type { StageView } from './stage';

/** A here-document as `lower` gets it: expanded where its word was not quoted and the keyword's grammar makes files of it. */
export interface Heredoc {
  readonly name: string;
  readonly content: string;
  readonly written: string;
  readonly fileDescriptor: number;
  /** The body as it stands in the file, where that is not `content`: with the tabs that `<<-` removes. */
  readonly raw?: string;
}

/** An instruction, its flags and arguments typed, checked and expanded. Frozen. */
export interface Instruction<F extends FlagSpecs = FlagSpecs, G extends Grammar = Grammar> {
  readonly keyword: string;
  readonly flags: FlagValues<F>;
  readonly args: Arguments<G>;
  readonly heredocs: readonly Heredoc[];
  /** The instruction as it would be written, variables expanded, keyword upper-cased, blanks single. */
  readonly text: string;
}

/** Everything that strake needs to know of an instruction. */
export interface InstructionDefinition<F extends FlagSpecs, G extends Grammar> {
  /** Upper case letters. */
  readonly keyword: string;
  /** One line for help and completion. */
  readonly summary: string;
  readonly flags?: F;
  /** Flags of the language that strake cannot do yet, with what they ask for: refused as UNSUPPORTED, not as unknown. */
  readonly refusedFlags?: Readonly<Record<string, string>>;
  readonly args: G;
  /** Says with which arguments flags mean nothing: they are then not checked, `flags` is empty, and a warning names them. */
  ignoresFlags?(args: Arguments<G>): boolean;
  /** Takes the place of an earlier definition of the same keyword; without it a second one is an error. */
  readonly replaces?: boolean;
  /** True for the instruction that starts a stage; only that one may return `stage`. */
  readonly startsStage?: boolean;
  /** True for one that may stand before the first stage. */
  readonly beforeStages?: boolean;
  /**
   * Checks what can be known without a stage; runs on every instruction of the file before anything else does.
   * Nothing is expanded yet. Throws an `InstructionError`.
   */
  check?(instruction: Instruction<F, G>): void;
  /** Pure and synchronous: no I/O, no clock, no randomness. Throws an `InstructionError`. */
  lower(instruction: Instruction<F, G>, stage: StageView): Lowered;
}

/** What a plugin throws for a bad instruction; the core adds plugin, file, line and column. */
export class InstructionError extends Error {
  static override [Symbol.hasInstance](value: unknown): boolean {
    return isOfKind(value, this.name);
  }

  readonly hint: string | undefined;
  /** A flag (`--name`, or `--name=value` where it is given several times) or a piece of the arguments: the caret is put under it. */
  readonly at: string | undefined;

  constructor(message: string, details: { readonly hint?: string; readonly at?: string } = {}) {
    super(message);
    this.name = 'InstructionError';
    this.hint = details.hint;
    this.at = details.at;
    markKinds(this, new.target);
  }
}

/** A definition whose types were forgotten: how the core keeps all of them in one table. */
export type AnyInstructionDefinition = InstructionDefinition<FlagSpecs, Grammar>;

/** A plugin that defines an instruction; the definition can be read from it. */
export interface InstructionPlugin<F extends FlagSpecs, G extends Grammar> extends Plugin {
  readonly definition: InstructionDefinition<F, G>;
}

/** Makes a plugin of a definition. The plugin's name is `instruction-<keyword>`. */
export function defineInstruction<const F extends FlagSpecs, const G extends Grammar>(
  definition: InstructionDefinition<F, G>,
): InstructionPlugin<F, G> {
  const name = `instruction-${definition.keyword.toLowerCase()}`;
  return {
    name,
    definition,
    apply(builder) {
      builder.define(name, definition);
    },
  };
}
