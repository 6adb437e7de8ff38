import type { Diagnostic } from './diagnostic';
import type { Position, SourceRange } from './position';

/** `# key=value` at the head of a Dockerfile. */
export interface Directive {
  /** Lower-cased. */
  readonly key: string;
  readonly value: string;
  readonly range: SourceRange;
  /** True for `escape` below a `#!` line: the reference's parser looks for it on the first lines only. */
  readonly ignored?: true;
}

/** `--name` or `--name=value` between the keyword and the arguments, quotes and escapes removed. */
export interface FlagNode {
  /** Without the dashes. */
  readonly name: string;
  /** Absent when the flag has no `=`. */
  readonly value?: string;
  /** As the parser of the reference keeps it: `--name=value`. */
  readonly raw: string;
  readonly range: SourceRange;
}

/** One here-document that belongs to an instruction. */
export interface HeredocNode {
  /** The word after `<<`, without quotes: the file's name for COPY and ADD. */
  readonly name: string;
  /** The word and dashes as written after the descriptor: `<<-"EOF"`. */
  readonly written: string;
  /** The body; every line ends with `\n`. Tabs are already chomped for `<<-`. */
  readonly content: string;
  /** The body with the tabs that `<<-` removes; absent where it removes none. */
  readonly raw?: string;
  /** False when the word was quoted. */
  readonly expand: boolean;
  readonly chomp: boolean;
  /** `3` in `3<<EOF`; 0 when not written. */
  readonly fileDescriptor: number;
  readonly range: SourceRange;
}

/** Where a stretch of an instruction's joined `text` came from. `offset` counts UTF-16 units in `text`. */
export interface TextSegment {
  readonly offset: number;
  readonly position: Position;
}

/** One logical line, unexpanded, with positions. Plain data: it survives a JSON round trip. */
export interface InstructionNode {
  /** Upper case. */
  readonly keyword: string;
  /** As written. */
  readonly written: string;
  readonly flags: readonly FlagNode[];
  /** What follows the keyword and the flags, continuation lines joined, comments dropped, trimmed. */
  readonly text: string;
  /** Maps offsets of `text` to the source; sorted, the first has offset 0. */
  readonly segments: readonly TextSegment[];
  /** The strings of a valid JSON array of strings that `text` is; absent when it is none. */
  readonly json?: readonly string[];
  readonly heredocs: readonly HeredocNode[];
  /** The joined line with keyword and flags, as the reference parser's `Node.Original`. */
  readonly original: string;
  readonly range: SourceRange;
  readonly keywordRange: SourceRange;
  /** The comment lines directly above, without `#`, trimmed. */
  readonly comments: readonly string[];
  /** The escape character of the file that it stands in, where that is not the one of the `Dockerfile` it is part of. */
  readonly escape?: '\\' | '`';
}

/** A parsed Dockerfile. */
export interface Dockerfile {
  /** The name used in positions. */
  readonly file: string;
  readonly source: string;
  readonly escape: '\\' | '`';
  readonly directives: readonly Directive[];
  readonly instructions: readonly InstructionNode[];
  readonly warnings: readonly Diagnostic[];
  /** Texts of the other files that instructions came from, by the name used in positions. */
  readonly included?: Readonly<Record<string, string>>;
}
