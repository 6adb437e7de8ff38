import { timingSafeEqual, createHash } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { HttpError } from './status-of';

/** Lets a request in that comes by a unix socket or with a certificate, or that has the token. Throws `HttpError` 401. */
export function authorize({ raw, headers }: FastifyRequest, token: string | undefined): void {
  const { remoteAddress } = raw.socket;
  // The listener has checked certificates; a unix socket has no address, and its mode says who may open it.
  if (remoteAddress === undefined || 'encrypted' in raw.socket) return;
  const given = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
  if (token !== undefined && given !== undefined && equal(given, token)) return;
  throw new HttpError(401, 'a token is needed: Authorization: Bearer …');
}

/** Takes as long whatever the difference. */
function equal(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}
