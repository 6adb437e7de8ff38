import { InternalError, StrakeError } from '@strake/api';
import { formatError as print } from '@strake/core';
import { sourceOf } from './error-source';

/** An error for people: `file:line:column: message`, excerpt, hint and notes. What is no `StrakeError` is a bug and says so. */
export function formatError(error: unknown, options: { readonly color?: boolean } = {}): string {
  const known = error instanceof StrakeError ? error : unexpected(error);
  return print(known, sourceOf(known), options);
}

function unexpected(error: unknown): StrakeError {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return new InternalError(`unexpected error: ${text}`, { cause: error, hint: 'This is a bug in strake or in a plugin; please report it with the text above.' });
}
