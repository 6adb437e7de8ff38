import type { BuildContext } from './context';
import type { Dockerfile } from './dockerfile';

/** Plain JSON. */
export type FactValue = string | number | boolean | null | readonly FactValue[] | { readonly [key: string]: FactValue };

/** What a fact can be found out from. */
export interface FactSources {
  /** The main build context. */
  readonly context: BuildContext;
  /** Absent for a context that is a directory of this machine: then what surrounds it may be looked at too. */
  readonly brought?: {
    /** What it was brought from. */
    readonly scheme: string;
    readonly reference: string;
    readonly attributes: Readonly<Record<string, string>>;
  };
  readonly signal: AbortSignal;
}

/** Something from outside the Dockerfile that instructions are lowered with. It is found before, so that lowering stays pure. */
export interface FactDefinition {
  /** Its key in `StageView.facts`. */
  readonly name: string;
  /** Whether a file needs it; pure. What no file needs is not looked for. */
  wanted(dockerfile: Dockerfile): boolean;
  /** Finds it. What goes wrong is best told as a part of the value, so that the instruction that needs it can say so at its place. */
  find(sources: FactSources): Promise<FactValue>;
}
