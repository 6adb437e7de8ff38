import type { IncomingHttpHeaders } from 'node:http';
import { HttpError } from './status-of';

/** Refuses credentials that a client sends along: registries are asked with the server's own. Throws `HttpError` 501. */
export function refuseCredentials(headers: IncomingHttpHeaders): void {
  const sent = [decode(headers['x-registry-auth']), ...Object.values(decode(headers['x-registry-config']))];
  if (sent.some(hasSecret)) throw new HttpError(501, "credentials of clients are not taken: log the server's user in with strake login");
}

function decode(header: string | readonly string[] | undefined): Record<string, unknown> {
  if (typeof header !== 'string' || header === '') return {};
  try {
    const value: unknown = JSON.parse(Buffer.from(header, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // As the engine: what cannot be read counts as nothing.
    return {};
  }
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['password', 'auth', 'identitytoken', 'registrytoken'].some((name) => Boolean((value as Record<string, unknown>)[name]));
}
