/** A failure that may be over soon: the request can be tried again. */
export class PassingError extends Error {
  /** Milliseconds that the server asks us to wait. */
  readonly retryAfter: number | undefined;
  /** What is thrown when trying is given up. */
  readonly final: unknown;

  constructor(final: unknown, retryAfter?: number) {
    super(final instanceof Error ? final.message : String(final));
    this.final = final;
    this.retryAfter = retryAfter;
  }
}

const PASSING_CODES = new Set([
  'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'EAI_AGAIN', 'ENETUNREACH', 'EHOSTUNREACH',
  'UND_ERR_SOCKET', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'UND_ERR_RESPONSE_CONTENT_LENGTH_MISMATCH', 'UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'UND_ERR_ABORTED', 'HPE_INVALID_EOF_STATE',
]);

/** Whether a network error may be over soon. */
export function isPassing(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return (typeof code === 'string' && PASSING_CODES.has(code)) || (cause instanceof Error && isPassing(cause));
}

/** Whether nobody listens at an address, or there is no way to it. */
export function isNobody(error: unknown): boolean {
  const { code, cause } = error as { readonly code?: unknown; readonly cause?: unknown };
  return (typeof code === 'string' && /^(?:ECONNREFUSED|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/.test(code)) || (cause instanceof Error && isNobody(cause));
}

/** Whether a status may be another one soon. */
export function isPassingStatus(status: number): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501 && status !== 505);
}
