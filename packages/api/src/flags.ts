/** What a flag of an instruction holds. */
export type FlagType = 'boolean' | 'string' | 'strings' | 'integer' | 'duration';

/** Declares one flag. Its key in `flags` is its name without dashes. */
export interface FlagSpec {
  readonly type: FlagType;
  readonly summary: string;
  /** Whether variables are expanded in the value; `none` by default. */
  readonly expand?: 'none' | 'word';
  /** Checks the expanded value, as text also where it is a number, which it then is; answers what is wrong with it, or nothing. */
  readonly check?: (value: string) => string | undefined;
  /** False for a flag that says how a result is got and not what it is: it is in no key, and the laws hold it to that. */
  readonly keyed?: false;
  /** With it the instruction needs no arguments; only where they are pairs. */
  readonly alone?: true;
}

/** The flags of an instruction, by name without dashes. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** boolean → boolean, integer → number, duration → nanoseconds, string → string, strings → list. Absent flags are undefined. */
export type FlagValue<S extends FlagSpec> = S['type'] extends 'boolean'
  ? boolean
  : S['type'] extends 'integer' | 'duration'
    ? number
    : S['type'] extends 'strings'
      ? readonly string[]
      : string;

/** What `lower` gets of flags: only those that were written. */
export type FlagValues<F extends FlagSpecs> = { readonly [K in keyof F]?: FlagValue<F[K]> };
