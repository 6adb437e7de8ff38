import type { StrakeError } from '@strake/api';
import { linesOf, type LineRange } from './source-lines';
import type { Violation } from './violation';

/** What `--call=check,format=json` prints: BuildKit's `frontend/subrequests/lint`, field by field. */
export interface LintResults {
  readonly warnings: readonly LintWarning[];
  readonly sources: readonly LintSource[];
  readonly buildError?: { readonly message: string; readonly location: { readonly ranges?: readonly LineRange[] } };
}

export interface LintWarning {
  readonly ruleName: string;
  readonly description?: string;
  readonly url?: string;
  readonly detail?: string;
  readonly location: { readonly ranges: readonly LineRange[] };
}

export interface LintSource {
  readonly filename: string;
  readonly language: string;
  /** Base64. */
  readonly data: string;
}

/** Violations in BuildKit's form; `error` is what ended the look at the file. */
export function lintResults(violations: readonly Violation[], source: Pick<LintSource, 'filename' | 'data'>, error?: StrakeError): LintResults {
  return {
    warnings: violations.map(({ code, description, url, message, about }) => ({
      ruleName: code, description, ...(url === undefined ? {} : { url }), detail: message, location: linesOf(about),
    })),
    sources: [{ filename: source.filename, language: 'Dockerfile', data: source.data }],
    ...(error === undefined ? {} : { buildError: { message: error.message, location: error.range === undefined ? {} : linesOf(error.range) } }),
  };
}
