import { StrakeError } from '@strake/api';
import { formatError } from 'strake';
import { HttpError } from './status-of';

/** What a client is told of an error: with its place, the line and a hint where they are known. Nothing of what is a bug of ours. */
export function messageOf(error: unknown): string {
  if (error instanceof StrakeError) return formatError(error);
  if (error instanceof HttpError) return error.message;
  const { statusCode, message } = error as { readonly statusCode?: number; readonly message?: string };
  return statusCode !== undefined && statusCode < 500 && message !== undefined ? message : 'internal error: see the log of the server';
}
