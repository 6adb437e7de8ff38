import { OperatorError, StrakeError } from '@strake/api';
import { ownEndpoint } from '../config/endpoints';
import { registryHost } from '../config/hosts';
import { parseChallenges } from '../auth/challenge';
import { basic, fetchToken } from '../auth/token';
import type { Credential } from '../credentials/credential';
import type { Kept } from '../credentials/credentials';
import { Connection, type Network } from '../repository/connection';
import { headerOf } from '../http/transport';

/** Somebody who logs in. */
export interface LogIn {
  /** As the user wrote it: a host, or Docker Hub in one of its names. */
  readonly server: string;
  readonly username: string;
  readonly password: string;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Verifies a name and a password with the registry and keeps them; where its authorisation server gives an identity token, that instead of the
 * password. Throws REGISTRY_DENIED when they are wrong.
 */
export async function logIn(network: Network, who: LogIn): Promise<Kept> {
  return network.credentials.set(serverHost(who.server), await checkLogIn(network, who));
}

/** Verifies a name and a password and keeps nothing. Answers what is to be kept: the identity token where there is one. Throws REGISTRY_DENIED. */
export async function checkLogIn(network: Network, { server, username, password, signal }: LogIn): Promise<Credential> {
  const registry = serverHost(server);
  const credential: Credential = { kind: 'password', username, password };
  return verify(network, registry, credential, signal).catch((error: unknown) => {
    if (error instanceof StrakeError && error.code === 'REGISTRY_DENIED') throw new OperatorError('REGISTRY_DENIED', error.message, { hint: 'Check the name and the password; some registries want an access token instead of the password.', cause: error });
    throw error;
  });
}

/** The registry that a log-in is for. Throws USAGE. */
export function serverHost(server: string): string {
  const [, host = ''] = /^(?:https?:\/\/)?([^/]*)/.exec(server) ?? [];
  if (!/^[\w.-]+(?::\d+)?$|^\[[0-9a-f:]+\](?::\d+)?$/i.test(host)) throw new OperatorError('USAGE', `${JSON.stringify(server)} is no registry`, { hint: 'Write host[:port].' });
  return registryHost(host);
}

async function verify(network: Network, registry: string, credential: Credential & { readonly kind: 'password' }, signal: AbortSignal | undefined): Promise<Credential> {
  const endpoint = ownEndpoint(registry, network.config);
  const subject = { registry, what: 'your log-in', doing: 'check' as const };
  const anonymous = new Connection(endpoint, { ...network, credentials: nobody(network) });
  const reply = await anonymous.send({ method: 'GET', path: '', scopes: [], subject, expect: [200, 401], signal });
  const challenges = parseChallenges([reply.headers['www-authenticate'] ?? []].flat().join(', '));
  await reply.body.dump();
  if (reply.status === 200 && headerOf(reply, 'www-authenticate') === undefined && anonymous.challenge === undefined) return credential;
  const bearer = challenges.find(({ scheme }) => scheme === 'bearer') ?? anonymous.challenge;
  if (bearer?.scheme === 'bearer') {
    const { realm = '', service } = bearer.parameters;
    const { identity } = await anonymous.retry(() => fetchToken(network.transport, network.config, { registry, realm, service, scopes: [], credential, offline: true, signal }), signal);
    return identity === undefined ? credential : { kind: 'identity', token: identity };
  }
  const answer = await anonymous.send({ method: 'GET', path: '', scopes: [], subject, expect: [200], signal, headers: { authorization: basic(credential) } });
  await answer.body.dump();
  return credential;
}

/** The same without any credential. */
function nobody({ credentials }: Network): Network['credentials'] {
  return Object.assign(Object.create(credentials) as Network['credentials'], { get: async () => undefined });
}
