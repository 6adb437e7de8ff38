import { OperatorError } from '@strake/api';
import type { Credential } from '../credentials/credential';
import { isInsecure } from '../config/endpoints';
import type { RegistriesConfig } from '../config/registries-config';
import { statusError } from '../http/errors';
import { isPassingStatus } from '../http/passing-error';
import { readLimited } from '../http/read-limited';
import { headerOf, type Reply, type Transport } from '../http/transport';
import { follow } from '../http/follow';
import { printable } from '../http/printable';
import { PassingError } from '../http/passing-error';
import { retryAfter } from '../http/retry';

/** What a token is asked with. */
export interface TokenRequest {
  readonly registry: string;
  readonly realm: string;
  readonly service: string | undefined;
  /** `repository:library/debian:pull` */
  readonly scopes: readonly string[];
  readonly credential: Credential | undefined;
  /** Ask for a token that stands for the password from now on: for a log-in. */
  readonly offline?: boolean;
  readonly signal?: AbortSignal | undefined;
}

/** A token of the authorisation server. */
export interface Token {
  readonly value: string;
  /** Milliseconds since the epoch. */
  readonly expires: number;
  readonly identity?: string;
}

const MOST_TOKEN_BYTES = 1 << 20;
/** Seconds, where the server does not say (distribution token spec). */
const DEFAULT_LIFE = 60;
const CLIENT = 'strake';

/**
 * Gets a token (distribution token spec): with a name and a password by GET, with an identity token by OAuth2's POST, and by POST too where a
 * server knows no GET. Throws REGISTRY_DENIED, REGISTRY_FAILED, PassingError.
 */
export async function fetchToken(transport: Transport, config: RegistriesConfig, request: TokenRequest): Promise<Token> {
  const realm = realmOf(request, config);
  const { credential } = request;
  if (credential?.kind === 'identity') return read(await post(transport, realm, request), request);
  const reply = await get(transport, realm, request, config);
  if ((reply.status !== 404 && reply.status !== 405) || credential === undefined) return read(reply, request);
  await reply.body.dump();
  return read(await post(transport, realm, request), request);
}

/** No credentials in plain HTTP, but for hosts that may be insecure. */
function realmOf({ realm, registry, credential }: TokenRequest, config: RegistriesConfig): URL {
  const url = URL.canParse(realm) ? new URL(realm) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) throw new OperatorError('REGISTRY_FAILED', `${registry} names ${JSON.stringify(printable(realm, 100))} as the place to get a token, which is no address`);
  if (url.protocol === 'http:' && credential !== undefined && !isInsecure(url.host, config)) {
    throw new OperatorError('REGISTRY_DENIED', `${registry} wants the password to be sent to ${url.host} in plain HTTP`, { hint: `Add ${url.host} to the insecure registries if that is meant.` });
  }
  url.username = '';
  url.password = '';
  return url;
}

function get(transport: Transport, realm: URL, { service, scopes, credential, offline, signal }: TokenRequest, config: RegistriesConfig): Promise<Reply> {
  const url = new URL(realm);
  if (service !== undefined) url.searchParams.set('service', service);
  for (const scope of scopes) url.searchParams.append('scope', scope);
  if (credential?.kind !== 'password') return follow(transport, { method: 'GET', url, signal }, config);
  url.searchParams.set('account', credential.username);
  url.searchParams.set('client_id', CLIENT);
  if (offline === true) url.searchParams.set('offline_token', 'true');
  return follow(transport, { method: 'GET', url, headers: { authorization: basic(credential) }, signal }, config);
}

function post(transport: Transport, url: URL, { service, scopes, credential, offline, signal }: TokenRequest): Promise<Reply> {
  const form = new URLSearchParams({ client_id: CLIENT, ...(service === undefined ? {} : { service }), ...(scopes.length === 0 ? {} : { scope: scopes.join(' ') }) });
  if (credential?.kind === 'identity') Object.entries({ grant_type: 'refresh_token', refresh_token: credential.token }).forEach(([name, value]) => form.set(name, value));
  if (credential?.kind === 'password') Object.entries({ grant_type: 'password', username: credential.username, password: credential.password }).forEach(([name, value]) => form.set(name, value));
  if (offline === true) form.set('access_type', 'offline');
  const body = Buffer.from(form.toString());
  return transport.send({ method: 'POST', url, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: () => body, signal });
}

/** The header for a name and a password (RFC 7617). */
export function basic({ username, password }: { readonly username: string; readonly password: string }): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

async function read(reply: Reply, { registry, scopes }: TokenRequest): Promise<Token> {
  if (reply.status !== 200) {
    const asked = retryAfter(headerOf(reply, 'retry-after'), Date.now());
    const error = await statusError(reply, { registry, what: scopes[0]?.split(':').slice(1, -1).join(':') ?? registry, doing: scopes.some((scope) => /push/.test(scope)) ? 'push' : 'pull' });
    throw isPassingStatus(reply.status) ? new PassingError(error, asked) : error;
  }
  const bytes = await readLimited(reply, MOST_TOKEN_BYTES, 'the token');
  const { token, access_token: access, expires_in: life, refresh_token: identity } = parse(bytes, registry);
  const value = [token, access].find((one): one is string => typeof one === 'string' && one !== '');
  if (value === undefined || /[^\x21-\x7e]/.test(value)) throw new OperatorError('REGISTRY_FAILED', `the authorisation server of ${registry} gave no token`);
  const seconds = typeof life === 'number' && life > 0 ? life : DEFAULT_LIFE;
  return { value, expires: Date.now() + seconds * 900, ...(typeof identity === 'string' && identity !== '' ? { identity } : {}) };
}

function parse(bytes: Buffer, registry: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(bytes.toString('utf8')) as unknown;
    if (typeof value === 'object' && value !== null) return value as Readonly<Record<string, unknown>>;
  } catch {
    // Said below.
  }
  throw new OperatorError('REGISTRY_FAILED', `the authorisation server of ${registry} answered no JSON object`);
}
