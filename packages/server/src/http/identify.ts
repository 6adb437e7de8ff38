import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { QueueClient } from '../build/queue-client';
import type { Peer } from '../listen/connections';
import { HttpError } from './status-of';

/**
 * Who asks. Lets in who comes by a unix socket or with a certificate, and who sends one of the tokens; others get `HttpError` 401.
 * Turns are by user, certificate or token, and then by process or address.
 */
export function identify(peer: Peer, { authorization }: IncomingHttpHeaders, tokens: readonly string[]): QueueClient {
  if (peer.kind === 'unix') return { owner: `uid ${peer.uid ?? 'unknown'}`, part: `pid ${peer.pid ?? 'unknown'}` };
  if (peer.kind === 'certificate') return { owner: `certificate ${peer.fingerprint}`, part: '' };
  const given = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
  const token = given === undefined ? -1 : indexOf(tokens, given);
  if (token < 0) throw new HttpError(401, 'a token is needed: Authorization: Bearer …');
  return { owner: `token ${token + 1}`, part: peer.address };
}

/** Takes as long whatever the difference. */
function indexOf(tokens: readonly string[], given: string): number {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  const wanted = digest(given);
  return tokens.map((token) => timingSafeEqual(digest(token), wanted)).indexOf(true);
}
