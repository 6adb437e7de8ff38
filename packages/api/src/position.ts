/** A place in a source text. Lines and columns count from 1; columns count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A stretch of one source file: `start` is the first character, `end` the one just past the last. */
export interface SourceRange {
  readonly file: string;
  readonly start: Position;
  readonly end: Position;
}
