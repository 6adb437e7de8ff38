import type { Diagnostic, Pair, Position } from '@strake/api';

/** A stretch of the file that the description names; lines and columns count from 1, `end` is just past the last character. */
export interface RangeDescription {
  readonly start: Position;
  readonly end: Position;
}

export interface DirectiveDescription {
  readonly key: string;
  readonly value: string;
  readonly range: RangeDescription;
}

export interface FlagDescription {
  /** Without dashes. */
  readonly name: string;
  /** Absent when the flag has no `=`. */
  readonly value?: string;
  readonly range: RangeDescription;
}

export interface HeredocDescription {
  readonly name: string;
  readonly content: string;
  readonly expand: boolean;
  readonly chomp: boolean;
  readonly fileDescriptor: number;
  readonly range: RangeDescription;
}

/** Arguments by the grammar of their keyword, unexpanded, quotes kept. `kind` is the grammar's. */
export type ArgumentsDescription =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly text: string }
  | { readonly kind: 'words' | 'json'; readonly words: readonly string[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly Pair[] }
  | ({ readonly kind: 'program' } & ProgramDescription)
  | { readonly kind: 'sources'; readonly sources: readonly string[]; readonly destination: string }
  | ({ readonly kind: 'choice'; readonly choice: string } & ProgramDescription)
  | { readonly kind: 'sub-instruction'; readonly keyword: string; readonly text: string };

/** `text` in shell form, `words` in JSON form, neither when there is no program. */
export interface ProgramDescription {
  readonly text?: string;
  readonly words?: readonly string[];
}

/** How arguments were written that can be written in two ways. */
export type ArgumentsForm = 'json' | 'shell';

export interface InstructionDescription {
  /** Upper case. */
  readonly keyword: string;
  readonly written: string;
  /** Whether a plugin defines the keyword. */
  readonly known: boolean;
  readonly flags: readonly FlagDescription[];
  readonly arguments: ArgumentsDescription;
  readonly form?: ArgumentsForm;
  readonly heredocs: readonly HeredocDescription[];
  /** The instruction that the arguments are: ONBUILD's. */
  readonly instruction?: InstructionDescription;
  readonly original: string;
  readonly comments: readonly string[];
  readonly range: RangeDescription;
}

export interface WarningDescription extends Pick<Diagnostic, 'code' | 'message' | 'hint'> {
  readonly range?: RangeDescription;
}

/** What `strake parse --format json` prints; docs/PARSE_SCHEMA.md is its documentation. */
export interface DockerfileDescription {
  /** Grows when a reader of the last version could misread this one. */
  readonly schema: 1;
  readonly file: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly DirectiveDescription[];
  readonly instructions: readonly InstructionDescription[];
  readonly warnings: readonly WarningDescription[];
}
