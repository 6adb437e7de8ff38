import { StrakeError } from '@strake/api';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Readable } from 'node:stream';
import { clientSignal } from '../http/client-signal';
import { readJson } from '../http/read-json';
import { HttpError } from '../http/status-of';
import type { ServerParts } from './server-parts';

/** `POST /auth`: whether a registry takes a name and a password. Nothing is kept here; a client keeps what it is answered. */
export function authRoute(app: FastifyInstance, parts: ServerParts): void {
  app.post('/auth', async (request, reply) => check(parts, request, clientSignal(reply, parts.stopping)));
}

async function check({ builder }: ServerParts, { body }: FastifyRequest, signal: AbortSignal): Promise<unknown> {
  const { username, password, serveraddress } = textsOf(await readJson(body as Readable));
  if (!username || !password) throw new HttpError(400, 'a name and a password are needed');
  try {
    const token = await builder.registries().checkLogIn(serveraddress || 'docker.io', { username, password, signal });
    return { Status: 'Login Succeeded', IdentityToken: token ?? '' };
  } catch (error) {
    if (error instanceof StrakeError && error.code === 'REGISTRY_DENIED') throw new HttpError(401, error.message);
    throw error;
  }
}

function textsOf(value: unknown): Readonly<Record<string, string | undefined>> {
  if (typeof value !== 'object' || value === null) throw new HttpError(400, 'the body is no JSON object');
  return Object.fromEntries(Object.entries(value).map(([name, text]) => [name, typeof text === 'string' ? text : '']));
}
