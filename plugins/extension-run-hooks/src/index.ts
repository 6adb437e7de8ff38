import type { Instruction, LoweredMount, Plugin, StageView } from '@strake/api';
import { hooked } from './hooked';

/** A program: a text for the shell of the stage, or the words to execute. */
export type HookProgram = string | readonly string[];

/** What is done around the programs of a Dockerfile, without a change in it. Plain data, but for the pure functions. */
export interface RunHooks {
  /** Of the plugin, in errors and lists; `run-hooks` without it. Several need names of their own. */
  readonly name?: string;
  /** Whose programs; RUN without it. Instructions that other plugins define may be named. */
  readonly keywords?: readonly string[];
  /** Which of them; all without it. Pure. */
  readonly when?: (instruction: Instruction, stage: StageView) => boolean;
  /** Words that are put before the program's own, or what makes the whole of them. A function is pure. */
  readonly wrap?: readonly string[] | ((words: readonly string[], instruction: Instruction, stage: StageView) => readonly string[]);
  /** Shown to all programs of the step besides what the instruction mounts. */
  readonly mounts?: readonly LoweredMount[];
  /** Runs before the program, in the same step and layer. */
  readonly prepend?: HookProgram;
  /** Runs after the program, in the same step and layer; where it fails the step fails, and nothing of it is kept. */
  readonly verify?: HookProgram;
}

/** Hooks around programs. The history keeps the instruction as it was written; what is done is part of the key. */
export function runHooks(hooks: RunHooks): Plugin {
  const { name = 'run-hooks', keywords = ['RUN'], when = () => true } = hooks;
  return {
    name,
    apply(builder) {
      for (const keyword of keywords) {
        builder.hooks.after.for(keyword).tap(name, (lowered, instruction, stage) => (when(instruction, stage) ? hooked(lowered, hooks, { instruction, stage }) : lowered));
      }
    },
  };
}
