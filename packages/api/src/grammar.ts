/** Whether and how variables are expanded in a text: not at all, to one word, or to as many words as the value has. */
export type Expansion = 'none' | 'word' | 'words';

/** `ENV a=b`, `ARG name`: `value` is absent for a name alone. */
export interface Pair {
  readonly name: string;
  readonly value?: string;
}

/** A program: a text for the shell, or the exact words to execute. */
export type ProgramText =
  | { readonly form: 'shell'; readonly text: string }
  | { readonly form: 'exec'; readonly words: readonly string[] };

/** `sources… dest`; a source that is a here-document is in the instruction's `heredocs`, not in `sources`. */
export interface SourcesAndDestination {
  readonly sources: readonly string[];
  readonly destination: string;
}

/** An instruction within an instruction, as ONBUILD has it. */
export interface SubInstruction {
  /** Upper case. */
  readonly keyword: string;
  /** The whole of it, here-documents included, as it would stand in a Dockerfile. */
  readonly text: string;
}

/** The shapes of arguments. `min` and `max` bound the count of words or pairs; both are inclusive. */
export type Grammar =
  /** Nothing at all. */
  | { readonly kind: 'none' }
  /** The rest of the line, one string. */
  | { readonly kind: 'raw'; readonly expand?: Expansion; readonly optional?: boolean }
  /** Words that blanks part; with `json`, a JSON array too. `sort` puts them in order before. */
  | { readonly kind: 'words'; readonly expand?: Expansion; readonly json?: boolean; readonly sort?: boolean; readonly min?: number; readonly max?: number }
  /** A JSON array of strings and nothing else. */
  | { readonly kind: 'json'; readonly min?: number }
  /** `name=value …`; `legacy` adds `name the value`, `bare` adds names without values. */
  | { readonly kind: 'pairs'; readonly expand?: Expansion; readonly legacy?: boolean; readonly bare?: boolean; readonly optional?: boolean }
  /** Shell form or JSON form; `heredoc` lets here-documents follow. */
  | { readonly kind: 'program'; readonly heredoc?: boolean; readonly optional?: boolean }
  /** Sources and a destination, as words or JSON; `heredoc` lets here-documents be sources. */
  | { readonly kind: 'sources'; readonly expand?: Expansion; readonly heredoc?: boolean }
  /** One of `words`, then a program: HEALTHCHECK. */
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  /** Another instruction: ONBUILD. `refuse` names keywords that may not stand there. */
  | { readonly kind: 'sub-instruction'; readonly refuse?: readonly string[] };

/** The typed arguments that `lower` receives for a grammar. */
export type Arguments<G extends Grammar> = G extends { kind: 'none' }
  ? undefined
  : G extends { kind: 'raw' }
    ? string
    : G extends { kind: 'words' | 'json' }
      ? readonly string[]
      : G extends { kind: 'pairs' }
        ? readonly Pair[]
        : G extends { kind: 'program' }
          ? ProgramText
          : G extends { kind: 'sources' }
            ? SourcesAndDestination
            : G extends { kind: 'choice' }
              ? { readonly choice: string; readonly program: ProgramText | undefined }
              : G extends { kind: 'sub-instruction' }
                ? SubInstruction
                : never;
