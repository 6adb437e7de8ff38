import type { SourceRange, StrakeError } from '@strake/api';
import { linesOf, type LineRange } from './source-lines';
import type { Violation } from './violation';

/** What `--call=check,format=json` prints: BuildKit's `frontend/subrequests/lint`, field by field. */
export interface LintResults {
  readonly warnings: readonly LintWarning[];
  readonly sources: readonly LintSource[];
  readonly buildError?: { readonly message: string; readonly location: Partial<LintLocation> };
}

export interface LintLocation {
  /** Which of the sources; absent for the first. */
  readonly sourceIndex?: number;
  readonly ranges: readonly LineRange[];
}

export interface LintWarning {
  readonly ruleName: string;
  readonly description?: string;
  readonly url?: string;
  readonly detail?: string;
  readonly location: LintLocation;
}

export interface LintSource {
  readonly filename: string;
  readonly language: string;
  /** Base64. */
  readonly data: string;
}

/** Violations in BuildKit's form; `sources` begins with the Dockerfile, and has the files that it includes; `error` is what ended the look at it. */
export function lintResults(violations: readonly Violation[], sources: readonly Pick<LintSource, 'filename' | 'data'>[], error?: StrakeError): LintResults {
  const location = (range: SourceRange): LintLocation => {
    const sourceIndex = sources.findIndex(({ filename }) => filename === range.file);
    return { ...(sourceIndex > 0 ? { sourceIndex } : {}), ...linesOf(range) };
  };
  return {
    warnings: violations.map(({ code, description, url, message, about }) => ({
      ruleName: code, description, ...(url === undefined ? {} : { url }), detail: message, location: location(about),
    })),
    sources: sources.map(({ filename, data }) => ({ filename, language: 'Dockerfile', data })),
    ...(error === undefined ? {} : { buildError: { message: error.message, location: error.range === undefined ? {} : location(error.range) } }),
  };
}
