import type { Library } from '../library';
import type { Terminal } from '../terminal';
import type { CompletionSource, FlagSpecs, FlagValues } from './flag';

/** How many arguments a command takes, and what completes them. */
export interface ArgumentSpec {
  readonly min: number;
  readonly max: number;
  readonly complete?: CompletionSource;
}

/** All that a running command can see of the world. */
export interface Invocation<F extends FlagSpecs> {
  readonly flags: FlagValues<F>;
  readonly args: readonly string[];
  /** The flags that every command takes. */
  readonly globals: { readonly store: string | undefined; readonly config: string | undefined; readonly backend: string | undefined; readonly backendOptions: readonly string[] };
  readonly terminal: Terminal;
  /** Aborted by the first Ctrl-C. */
  readonly signal: AbortSignal;
  /** Asks for the second Ctrl-C: it then aborts what is given instead of ending the process. */
  readonly second: () => AbortSignal;
  /** The library, loaded when it is first asked for: `--help` and completion never pay for it. */
  library(): Promise<Library>;
}

/** One command of `strake`. */
export interface Command<F extends FlagSpecs = FlagSpecs> {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** What follows the name in the usage line: `[OPTIONS] PATH | -`. */
  readonly usage: string;
  readonly summary: string;
  readonly flags: F;
  readonly arguments: ArgumentSpec;
  /** Not in help and not completed. */
  readonly hidden?: boolean;
  /** Gives the exit code. What it throws is reported by the caller. */
  run(invocation: Invocation<F>): Promise<number>;
}

/** Checks a command against its type and forgets the names of its flags, so that all commands fit one table. */
export function defineCommand<const F extends FlagSpecs>(command: Command<F>): Command {
  return command;
}
