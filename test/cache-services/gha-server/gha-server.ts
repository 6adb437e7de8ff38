import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { listen } from '../listen';
import { ServiceError, xml } from '../service-error';
import { answerBlob } from './answer-blob';
import { answerList, answerRest } from './answer-rest';
import { answerTwirp, TwirpError } from './answer-twirp';
import { GhaEntries } from './gha-entries';
import { runnerToken, scopesOfToken } from './runner-token';

/** What differs from an ordinary service. */
export interface GhaServerOptions {
  /** Those that it knows. */
  readonly tokens?: readonly string[];
  /** Milliseconds that a signed address lasts, by the count of those given out before. */
  readonly lasts?: (count: number) => number;
  /** Sees each request first; answers it when it returns true. */
  readonly intercept?: (request: IncomingMessage, response: ServerResponse) => boolean;
}

/** A stand-in for the cache service of GitHub Actions in both versions, for the storage behind it, and for GitHub's list of caches. */
export interface GhaServer {
  readonly url: string;
  readonly token: string;
  readonly entries: GhaEntries;
  /** `POST GetCacheEntryDownloadURL 200`, in the order of the answers. */
  readonly asked: readonly string[];
  stop(): Promise<void>;
}

const SIGNATURE = 'sentinel%2Bsig%2F1%3D';
const HOUR = 3_600_000;

/** Starts one on a free port. */
export async function startGha({ tokens = [runnerToken()], lasts = () => HOUR, intercept }: GhaServerOptions = {}): Promise<GhaServer> {
  const entries = new GhaEntries();
  const asked: string[] = [];
  let signed = 0;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? ''}`);
    response.on('finish', () => asked.push(`${request.method} ${url.pathname.replace(/^.*\//, '')}${url.searchParams.has('comp') ? ` ${url.searchParams.get('comp')}` : ''} ${response.statusCode}`));
    try {
      const body = await bodyOf(request);
      const sign = (id: number, permission: string): string => `${url.origin}/blobs/${id}?sv=2021-08-06&sp=${permission}&se=${Date.now() + lasts(signed++)}&sig=${SIGNATURE}`;
      route({ request, response, url, body, entries, sign, tokens });
    } catch (error) {
      fail(error, response);
    }
  };
  const server = createServer((request, response) => {
    if (intercept?.(request, response) !== true) void answer(request, response);
  });
  return { ...(await listen(server)), token: tokens[0] ?? '', entries, asked };
}

interface Routed {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
  readonly entries: GhaEntries;
  readonly sign: (id: number, permission: string) => string;
  readonly tokens: readonly string[];
}

function route({ request, response, url, body, entries, sign, tokens }: Routed): void {
  const [, id] = /^\/blobs\/(\d+)$/.exec(url.pathname) ?? [];
  if (id !== undefined) {
    const blob = entries.all[Number(id) - 1]?.blob;
    // As it was sent: whoever writes it in another way has another signature.
    if (blob === undefined || !url.search.includes(`sig=${SIGNATURE}`)) throw new ServiceError(403, 'AuthenticationFailed', 'Server failed to authenticate the request.');
    return answerBlob({ request, response, blob, query: url.searchParams, body });
  }
  const token = /^Bearer (.*)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
  if (url.pathname === '/api/repos/owner/name/actions/caches') {
    if (token !== 'sentinel-ghtoken') throw new TwirpError(401, 'unauthenticated', 'Bad credentials');
    return answerList(response, url, entries);
  }
  if (!tokens.includes(token)) throw new TwirpError(401, 'unauthenticated', 'invalid authentication token');
  const scopes = scopesOfToken(token);
  if (url.pathname.startsWith('/_apis/')) return answerRest({ request, response, url, body, scopes, entries, sign });
  const [, method = ''] = /^\/twirp\/github\.actions\.results\.api\.v1\.CacheService\/(\w+)$/.exec(url.pathname) ?? [];
  if (request.method !== 'POST' || !/^application\/json/.test(request.headers['content-type'] ?? '')) throw new TwirpError(404, 'bad_route', 'unsupported method or content type');
  const document = answerTwirp({ method, message: JSON.parse(body.toString()) as Readonly<Record<string, unknown>>, scopes, entries, sign });
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
}

function fail(error: unknown, response: ServerResponse): void {
  if (error instanceof ServiceError) return void response.writeHead(error.status, { 'content-type': 'application/xml' }).end(xml('Error', { Code: error.code, Message: error.message }));
  const known = error instanceof TwirpError ? error : new TwirpError(500, 'internal', String(error));
  response.writeHead(known.status, { 'content-type': 'application/json' }).end(JSON.stringify({ code: known.code, msg: known.message }));
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
