import type { Diagnostic, Fix, SourceRange } from '@strake/api';

/** What a rule found. `code` is the rule's name, `range` the narrow place. */
export interface Violation extends Diagnostic {
  readonly range: SourceRange;
  /** The rule's own. */
  readonly description: string;
  /** All lines of the instruction that it is about. */
  readonly about: SourceRange;
  readonly fix?: Fix;
}

/** What the rules say of a file. */
export interface CheckReport {
  /** By place. */
  readonly violations: readonly Violation[];
  /** About the checks themselves: names that no rule has, comments that cannot be read. They never fail a build. */
  readonly notes: readonly Diagnostic[];
  /** Whether violations are errors. */
  readonly error: boolean;
}
