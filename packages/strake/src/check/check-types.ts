import type { Diagnostic, StrakeError } from '@strake/api';
import type { LintResults, Violation } from '@strake/checks';

/** A check rule as lists and reports show it. */
export interface RuleSummary {
  readonly name: string;
  readonly description: string;
  readonly url?: string;
  readonly experimental: boolean;
}

/** A Dockerfile after its fixes. */
export interface FixResult {
  /** The new text. */
  readonly source: CheckResult['source'];
  /** How many fixes were made. */
  readonly made: number;
  /** Unified; empty when nothing changed. */
  readonly diff: string;
  /** What is left. */
  readonly check: CheckResult;
}

/** What a look at a Dockerfile found. */
export interface CheckResult {
  /** By place. */
  readonly violations: readonly Violation[];
  /** About the checks themselves, and about bases that were not to be had: what could therefore not be checked. */
  readonly notes: readonly Diagnostic[];
  /** What ended the look (the violations are those found up to there), or that violations are errors and there are some. */
  readonly error?: StrakeError;
  /** BuildKit's form of the same. */
  readonly lint: LintResults;
  /** All rules that there are. */
  readonly rules: readonly RuleSummary[];
  readonly source: { readonly name: string; readonly text: string; /** Absent for a text that is no file. */ readonly path?: string };
  /** Texts of included files by the name in places. */
  readonly included?: Readonly<Record<string, string>>;
}
