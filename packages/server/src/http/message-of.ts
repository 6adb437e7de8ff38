import { StrakeError } from '@strake/api';
import { formatError } from 'strake';
import { HttpError } from './status-of';

/** What Docker's client calls a Dockerfile that it was given on standard input. */
const PIPED = /\.dockerfile\.[0-9a-f]{20}/g;

/** What a client is told of an error: with its place, the line and a hint where they are known. Nothing of what is a bug of ours. */
export function messageOf(error: unknown): string {
  if (error instanceof StrakeError) return formatError(error).replaceAll(PIPED, 'Dockerfile');
  if (error instanceof HttpError) return error.message;
  const { statusCode, message } = error as { readonly statusCode?: number; readonly message?: string };
  return statusCode !== undefined && statusCode < 500 && message !== undefined ? message : 'internal error: see the log of the server';
}
