import type { Lowered, StageView } from '@strake/api';

/** An instruction and what it is lowered to. */
export interface LoweredRow {
  /** What the row shows; the text without it. */
  readonly name?: string;
  /** The instruction as it stands in a Dockerfile, here-documents included. */
  readonly text: string;
  /** What is not as in an empty stage; `env` is also what variables are expanded with. */
  readonly stage?: Partial<StageView>;
  readonly expected: Lowered;
}

/** An instruction and what is said of it. */
export interface RefusedRow {
  readonly name?: string;
  readonly text: string;
  readonly message: string;
  /** `line:column`, counted in `text`: where the caret starts. */
  readonly at: string;
  /** `INVALID_ARGUMENTS` without it. */
  readonly code?: string;
  readonly hint?: string;
}

/** The table of an instruction's test. */
export interface InstructionSpec {
  readonly lowers: readonly LoweredRow[];
  readonly refuses?: readonly RefusedRow[];
  /** The flags that must be shown to change something; all by default. */
  readonly flags?: readonly string[];
}
