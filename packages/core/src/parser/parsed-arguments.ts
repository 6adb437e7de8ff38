import type { ProgramText, SourceRange } from '@strake/api';
import type { ArgumentWord } from './split-words';

/** A name and value as written, quotes kept. */
export interface ParsedPair {
  readonly name: string;
  readonly value?: string;
  /** Written as `name value`, without `=`. */
  readonly legacy: boolean;
  readonly range: SourceRange;
}

/** Arguments split and counted by a grammar, nothing expanded. `kind` is the grammar's. */
export type ParsedArguments =
  | { readonly kind: 'none' }
  | { readonly kind: 'raw'; readonly value: ArgumentWord }
  | { readonly kind: 'words'; readonly words: readonly ArgumentWord[]; readonly json: boolean }
  | { readonly kind: 'json'; readonly words: readonly ArgumentWord[] }
  | { readonly kind: 'pairs'; readonly pairs: readonly ParsedPair[] }
  | { readonly kind: 'program'; readonly program: ProgramText }
  /** Words that begin here-documents are not in `sources`. */
  | { readonly kind: 'sources'; readonly sources: readonly ArgumentWord[]; readonly destination: ArgumentWord; readonly json: boolean }
  | { readonly kind: 'choice'; readonly choice: string; readonly program: ProgramText | undefined }
  /** `text` ends with the bodies and terminators of here-documents. */
  | { readonly kind: 'sub-instruction'; readonly keyword: string; readonly text: string };
