import { StrakeError, type Diagnostic } from '@strake/api';

/** A warning that says what failed and why. Errors that strake does not throw are bugs, and go on. */
export function diagnosticOf(error: unknown, code: string, what: string): Pick<Diagnostic, 'code' | 'message' | 'hint'> {
  if (!(error instanceof StrakeError)) throw error;
  return { code, message: `${what}: ${error.message}`, ...(error.hint === undefined ? {} : { hint: error.hint }) };
}
