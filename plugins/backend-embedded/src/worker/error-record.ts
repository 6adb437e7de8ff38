import { CancelledError, DockerfileError, InternalError, OperatorError, StepFailedError, StrakeError, type ErrorCode, type ErrorDetails } from '@strake/api';

/** An error as plain data: classes do not survive between threads. */
export interface ErrorRecord {
  readonly kind: 'dockerfile' | 'operator' | 'step' | 'cancelled' | 'internal';
  readonly code: ErrorCode;
  readonly message: string;
  readonly hint?: string;
  readonly at?: string;
  readonly notes: readonly string[];
  readonly stack?: string;
  /** Of a step that failed. */
  readonly args?: readonly string[];
  readonly exitCode?: number;
}

/** Describes any error. What is none of strake's own is either the machine's state, or a bug. */
export function recordError(error: unknown): ErrorRecord {
  if (!(error instanceof StrakeError)) return recordForeign(error);
  const { at, code, message, hint, notes, stack } = error;
  const step = error instanceof StepFailedError ? { args: error.args, exitCode: error.exitCode } : {};
  return { kind: kindOf(error), code, message, notes, ...(at === undefined ? {} : { at }), ...(hint === undefined ? {} : { hint }), ...(stack === undefined ? {} : { stack }), ...step };
}

/** Makes the error again. */
export function reviveError(record: ErrorRecord): StrakeError {
  const { at, code, message, hint, notes, stack } = record;
  const details: ErrorDetails = { notes, ...(at === undefined ? {} : { at }), ...(hint === undefined ? {} : { hint }), ...(stack === undefined ? {} : { cause: stack }) };
  switch (record.kind) {
    case 'step':
      return new StepFailedError(record.args ?? [], record.exitCode ?? 1, details);
    case 'cancelled':
      return new CancelledError(details);
    case 'dockerfile':
      return new DockerfileError(code, message, details);
    case 'operator':
      return new OperatorError(code, message, details);
    case 'internal':
      return new InternalError(message, details);
  }
}

function kindOf(error: StrakeError): ErrorRecord['kind'] {
  if (error instanceof StepFailedError) return 'step';
  if (error instanceof CancelledError || error.code === 'CANCELLED') return 'cancelled';
  if (error instanceof DockerfileError) return 'dockerfile';
  return error instanceof OperatorError ? 'operator' : 'internal';
}

function recordForeign(error: unknown): ErrorRecord {
  const { code, message, stack } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return { kind: 'operator', code: 'DISK_FULL', message: `no space left: ${message}`, hint: 'free some space (strake prune) or name a store elsewhere with --store', notes: [] };
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return { kind: 'operator', code: 'PERMISSION', message, hint: 'run as root, or give yourself the right', notes: [] };
    default:
      return { kind: 'internal', code: 'INTERNAL', message: message ?? String(error), notes: [], ...(stack === undefined ? {} : { stack }) };
  }
}
