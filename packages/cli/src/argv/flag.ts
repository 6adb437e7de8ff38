/** What the shell offers after a flag or in place of an argument. `file` and `directory` are left to the shell itself. */
export type CompletionSource = 'file' | 'directory' | 'image' | 'stage' | readonly string[];

/** Declares one flag of a command. Help, parsing, refusal and completion all read this. */
export interface FlagSpec {
  /** A list may be given several times. */
  readonly type: 'boolean' | 'string' | 'list';
  /** One letter. */
  readonly short?: string;
  /** The word that stands for the value in help; the type's name by default. */
  readonly placeholder?: string;
  readonly summary: string;
  /** What the flag alone means, for one whose value may be left out: it is then given as `--flag=value` only. */
  readonly bare?: string;
  /** For help only: what happens without the flag. */
  readonly default?: string;
  /** The values that are allowed; all others are a usage error. */
  readonly choices?: readonly string[];
  readonly complete?: CompletionSource;
  /** Set for a flag that docker has and strake does not have yet: why, or what to do instead. It is recognised, refused and not shown in help. */
  readonly refused?: string;
}

/** The flags of a command by long name, without dashes. */
export type FlagSpecs = Readonly<Record<string, FlagSpec>>;

/** boolean → boolean (false when absent), list → list (empty when absent), string → string or undefined. */
export type FlagValue<S extends FlagSpec> = S['type'] extends 'boolean'
  ? boolean
  : S['type'] extends 'list'
    ? readonly string[]
    : string | undefined;

/** The values of all flags of a command. */
export type FlagValues<F extends FlagSpecs> = { readonly [K in keyof F]: FlagValue<F[K]> };
