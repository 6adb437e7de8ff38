import { DockerfileError, StrakeError, type ErrorCode } from '@strake/api';

const STATUSES: Partial<Record<ErrorCode, number>> = {
  IMAGE_MISSING: 404,
  REFERENCE_INVALID: 400,
  USAGE: 400,
  CONTEXT_INVALID: 400,
  CONTEXT_MISSING: 400,
  DOCKERFILE_MISSING: 400,
  IMAGE_INVALID: 400,
  UNSUPPORTED: 501,
  STORE_BUSY: 503,
  DISK_FULL: 507,
  CANCELLED: 499,
};

/** The HTTP status of an error: the Engine API's where it has one. */
export function statusOf(error: unknown): number {
  if (error instanceof HttpError) return error.status;
  if (error instanceof StrakeError) return STATUSES[error.code] ?? (error instanceof DockerfileError ? 400 : 500);
  const { statusCode } = error as { readonly statusCode?: number };
  return statusCode !== undefined && statusCode >= 400 && statusCode < 600 ? statusCode : 500;
}

/** An answer that is an error. `message` is for the client. */
export class HttpError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.name = 'HttpError';
    this.status = status;
  }
}
