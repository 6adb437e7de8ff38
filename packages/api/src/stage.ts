import type { Platform } from './digest';
import type { FactValue } from './fact';
import type { Pair } from './grammar';
import type { ContainerConfig } from './image';

/** What `lower` may see of the stage: the state before this instruction. Frozen. */
export interface StageView {
  /** Lower-cased name after AS, or undefined. */
  readonly name: string | undefined;
  readonly index: number;
  readonly platform: Platform;
  /** The config so far, the base image's values included. */
  readonly config: ContainerConfig;
  /** Fields that this stage's own instructions have set. */
  readonly changed: ReadonlySet<keyof ContainerConfig>;
  /** The shell of shell-form instructions: SHELL's, or the platform's default. */
  readonly shell: readonly string[];
  /** Build arguments that are declared and have a value, in order of declaration. */
  readonly args: readonly Required<Pair>[];
  /** Names of all build arguments declared so far, with or without a value, in order of declaration. */
  readonly declared: readonly string[];
  /** The environment of a program here, `NAME=value`: the config's Env and `args`, in the order in which they were last set. The later of an ENV and an ARG wins. */
  readonly env: readonly string[];
  /** Always absolute; `/` when the config has none. */
  readonly workdir: string;
  /** The network that RUN gets when it names none. */
  readonly network: 'default' | 'none' | 'host';
  /** Values of the file's directives by key, in lower case: those of plugins too. */
  readonly directives: Readonly<Record<string, string>>;
  /** What was found out before lowering, by the names under which plugins look for it. */
  readonly facts: Readonly<Record<string, FactValue>>;
  /** Expands variables in a text to one word, with this stage's environment. Throws a `DockerfileError`. */
  expand(text: string): string;
}
