import type { LintResults } from 'strake';

/** What a check said, in a form in which two can be compared. */
export interface CheckOutcome {
  /** `line-line Rule: text`, sorted. */
  readonly warnings: readonly string[];
  /** Whether a violation is an error, and of which rules; or that the file was refused for something else. */
  readonly error: string | null;
  readonly code: number;
}

/** The outcome of BuildKit's JSON, whoever made it. */
export function outcomeOf(results: LintResults, code: number): CheckOutcome {
  return {
    // Go writes an empty list as null.
    warnings: ((results.warnings as LintResults['warnings'] | null) ?? []).map(({ ruleName, detail, description, url, location: { ranges } }) => {
      const lines = ranges.map(({ start }) => start.line);
      return `${lines.join(',')} ${ruleName}: ${detail} | ${description} | ${url}`;
    }).sort(),
    error: results.buildError === undefined ? null : errorOf(results.buildError.message),
    code,
  };
}

/** The rules come in any order, and other errors have texts of their own. */
function errorOf(message: string): string {
  const [, rules] = /lint violation found for rules: (.*)$/.exec(message) ?? [];
  return rules === undefined ? 'refused' : rules.split(', ').sort().join(', ');
}
