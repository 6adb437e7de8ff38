import { createSign, randomUUID, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { startScripted, type ScriptedServer } from '../../packages/registry/src/test-support/scripted-server';

/** What the server was asked. */
export interface TokenRequest {
  readonly method: string;
  readonly scopes: readonly string[];
  /** `password:me`, `refresh_token:…`, or undefined for nobody. */
  readonly who: string | undefined;
  readonly offline: boolean;
}

/** An authorisation server (distribution token spec) that the registry of the tests believes. */
export interface TokenServer {
  readonly realm: string;
  readonly requests: readonly TokenRequest[];
  /** Answers 404 to GET from now on: OAuth2's POST is left. */
  onlyPost(): void;
  /** How long tokens are good from now on, in seconds, whatever they are said to be. */
  life: number;
  stop(): Promise<void>;
}

const USERS: Readonly<Record<string, string>> = { me: 'secret', reader: 'secret' };
const REFRESH = 'refresh-token-of-me';
/** Seconds for which the registry takes a token that is over. */
const LEEWAY = 60;

/** When the registry stops to take a token, in milliseconds since 1970. */
export function endOf(authorization: string | undefined): number {
  const [, body = ''] = (authorization ?? '').split('.');
  return ((JSON.parse(Buffer.from(body, 'base64url').toString()) as { readonly exp: number }).exp + LEEWAY) * 1000;
}

/** Starts one that signs with a key whose certificate the registry trusts. `me` may do everything, `reader` and nobody may pull what is in `public/`. */
export async function startTokenServer(key: string, certificate: string): Promise<TokenServer> {
  const requests: TokenRequest[] = [];
  const state = { life: 300 };
  let post = false;
  const server: ScriptedServer = await startScripted((request, response) => {
    void text(request).then((body) => {
      const url = new URL(request.url ?? '', 'http://x');
      if (request.method === 'GET' && post) return response.writeHead(404).end();
      const asked = request.method === 'GET' ? url.searchParams : new URLSearchParams(body);
      const who = whoAsks(request.headers.authorization, asked);
      const scopes = asked.getAll('scope').flatMap((scope) => scope.split(' ')).filter((scope) => scope !== '');
      const offline = asked.get('offline_token') === 'true' || asked.get('access_type') === 'offline';
      requests.push({ method: request.method ?? '', scopes, who, offline });
      if (who === 'wrong') return response.writeHead(401, { 'content-type': 'application/json' }).end('{"details":"incorrect username or password"}');
      const token = signed(key, certificate, { service: asked.get('service') ?? '', scopes, user: who, life: state.life });
      return response.end(JSON.stringify({ [request.method === 'GET' ? 'token' : 'access_token']: token, expires_in: 300, ...(offline && who !== undefined ? { refresh_token: REFRESH } : {}) }));
    });
  });
  return Object.assign(state, { realm: `http://${server.host}/token`, requests, onlyPost: () => (post = true), stop: () => server.stop() });
}

function whoAsks(authorization: string | undefined, asked: URLSearchParams): string | undefined {
  if (asked.get('grant_type') === 'refresh_token') return asked.get('refresh_token') === REFRESH ? 'refresh_token:me' : 'wrong';
  const basic = Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString();
  const [user = '', password = ''] = asked.get('grant_type') === 'password' ? [asked.get('username') ?? '', asked.get('password') ?? ''] : basic.split(':');
  if (user === '') return undefined;
  return USERS[user] === password ? `password:${user}` : 'wrong';
}

function signed(keyFile: string, certificateFile: string, { service, scopes, user, life }: { readonly service: string; readonly scopes: readonly string[]; readonly user: string | undefined; readonly life: number }): string {
  const isOwner = user?.endsWith(':me') === true;
  const access = scopes.map((scope) => {
    const [type = '', name = '', actions = ''] = scope.split(':');
    return { type, name, actions: actions.split(',').filter((action) => isOwner || (action === 'pull' && name.startsWith('public/'))) };
  });
  const now = Math.floor(Date.now() / 1000);
  const certificate = new X509Certificate(readFileSync(certificateFile)).raw.toString('base64');
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const head = encode({ typ: 'JWT', alg: 'RS256', x5c: [certificate] });
  const body = encode({ iss: 'test', aud: service, sub: user ?? '', exp: now + life - LEEWAY, nbf: now - 2 * LEEWAY, iat: now, jti: randomUUID(), access });
  return `${head}.${body}.${createSign('RSA-SHA256').update(`${head}.${body}`).sign(readFileSync(keyFile)).toString('base64url')}`;
}
