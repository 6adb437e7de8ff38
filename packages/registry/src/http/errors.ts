import { OperatorError, StrakeError } from '@strake/api';
import { printable } from './printable';
import { readSome } from './read-limited';
import type { Reply } from './transport';

/** What was asked for, for messages. */
export interface Subject {
  /** The registry as people name it. */
  readonly registry: string;
  /** As the user wrote it, or a description: `debian:12`, `the layer sha256:…`. */
  readonly what: string;
  /** Reading or writing; decides the hint. */
  readonly doing: 'pull' | 'push' | 'check';
}

const MOST_MESSAGE_BYTES = 64 << 10;

/** The error for an answer that is none of success, with the registry's own message. Reads the body. */
export async function statusError(reply: Reply, subject: Subject): Promise<OperatorError> {
  const said = messageOf(await readSome(reply, MOST_MESSAGE_BYTES));
  const { registry, what, doing } = subject;
  const words = said === '' ? `HTTP status ${reply.status}` : said;
  switch (reply.status) {
    case 401:
      return new OperatorError('REGISTRY_DENIED', `${registry} wants to know who ${doing}s ${what}: ${words}`, { hint: `Log in with "strake login ${registry}".` });
    case 403:
      return new OperatorError('REGISTRY_DENIED', `${registry} does not let us ${doing} ${what}: ${words}`, { hint: `Check the name; if it is right, log in as somebody who may with "strake login ${registry}".` });
    case 404:
      return new OperatorError('IMAGE_MISSING', `${registry} does not have ${what}: ${words}`, { hint: `Check name and tag; where it is private, log in with "strake login ${registry}".` });
    case 429:
      return new OperatorError('REGISTRY_FAILED', `${registry} has had too many requests: ${words}`, { hint: `Try again later, or log in with "strake login ${registry}" for a higher limit.` });
    default:
      return new OperatorError('REGISTRY_FAILED', `${registry} failed to ${doing} ${what} (HTTP status ${reply.status})${said === '' ? '' : `: ${said}`}`);
  }
}

/** The error for a request that got no answer. Errors of strake's own pass. */
export function networkError(error: unknown, url: URL, { registry, doing, what }: Subject): unknown {
  if (error instanceof StrakeError) return error;
  const { code, message } = rootOf(error);
  const hint = HINTS.find(([pattern]) => pattern.test(code ?? message))?.[1].replace('HOST', url.host);
  return new OperatorError('REGISTRY_UNREACHABLE', `cannot reach ${registry === url.host ? registry : `${registry} at ${url.host}`} to ${doing} ${what}: ${printable(message)}`, { ...(hint === undefined ? {} : { hint }), cause: error });
}

const CERTIFICATE = /CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/i;

/** Whether a host was reached but its certificate is not trusted. */
export function isCertificateError(error: unknown): boolean {
  const { code, message } = rootOf(error);
  return CERTIFICATE.test(code ?? message);
}

const HINTS: readonly (readonly [RegExp, string])[] = [
  [/ENOTFOUND|EAI_AGAIN/, 'Check the name of the registry and the connection; behind a proxy set HTTPS_PROXY.'],
  [/ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|TIMEOUT|ETIMEDOUT/, 'Check that the registry runs, its port and the connection; behind a proxy set HTTPS_PROXY.'],
  [CERTIFICATE, 'If the registry is yours, put its authority into /etc/docker/certs.d/HOST/ca.crt, or use --insecure-registry HOST.'],
  [/SSL|EPROTO|wrong version|packet length/i, 'If it speaks plain HTTP only, use --insecure-registry HOST.'],
];

/** Where undici and Node wrap errors, the innermost says what happened. */
function rootOf(error: unknown): { readonly code?: string; readonly message: string } {
  const { code, message = String(error), cause, errors } = error as { code?: string; message?: string; cause?: unknown; errors?: readonly unknown[] };
  if (cause instanceof Error) return rootOf(cause);
  if (errors?.[0] instanceof Error) return rootOf(errors[0]);
  return { ...(code === undefined ? {} : { code }), message: message === '' ? String(code) : message };
}

/** The registry's own words: distribution-spec "Error Codes", or the beginning of what it said. */
function messageOf(text: string): string {
  try {
    const { errors, details, message } = JSON.parse(text) as { errors?: readonly { code?: unknown; message?: unknown }[]; details?: unknown; message?: unknown };
    const said = (errors ?? []).map((one) => [one.code, one.message].filter((part) => typeof part === 'string' && part !== '').map((part) => String(part)).join(': '));
    return printable(said.length > 0 ? said.join('; ') : [details, message].filter((one) => typeof one === 'string').join(': '));
  } catch {
    return /^\s*</.test(text) ? '' : printable(text);
  }
}
