import type { IncomingMessage, ServerResponse } from 'node:http';
import { TwirpError, writable } from './answer-twirp';
import { BlockBlob } from './block-blob';
import type { GhaEntries, GhaEntry } from './gha-entries';
import type { RunnerScope } from './runner-token';

/** A request of the first version, or to GitHub's REST API, whose token is right. */
export interface RestRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly url: URL;
  readonly body: Buffer;
  readonly scopes: readonly RunnerScope[];
  readonly entries: GhaEntries;
  readonly sign: (id: number, permission: 'r' | 'cw') => string;
}

/** Answers the first version (actions/toolkit, `cacheHttpClient` and `contracts`; a cache that is not there is 204). */
export function answerRest({ request, response, url, body, scopes, entries, sign }: RestRequest): void {
  if (!/api-version=6\.0-preview\.1/.test(request.headers.accept ?? '')) throw new TwirpError(400, 'VssVersionNotSpecifiedException', 'No api-version was supplied');
  const path = url.pathname.replace('/_apis/artifactcache/', '');
  const json = (status: number, document: object): void => void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  if (request.method === 'GET' && path === 'cache') {
    const keys = (url.searchParams.get('keys') ?? '').split(',');
    const found = entries.find(scopes, url.searchParams.get('version') ?? '', keys[0] ?? '', keys);
    return found === undefined ? void response.writeHead(204).end() : json(200, { cacheKey: found.key, scope: found.scope, archiveLocation: sign(found.id, 'r') });
  }
  if (request.method === 'POST' && path === 'caches') {
    const { key, version } = JSON.parse(body.toString()) as { readonly key: string; readonly version: string };
    const begun = entries.begin(writable(scopes), version, key, new BlockBlob());
    if (begun === undefined) throw new TwirpError(409, 'ArtifactCacheItemAlreadyExistsException', 'Cache already exists.');
    return json(201, { cacheId: begun.id });
  }
  const entry = entries.all.find(({ id, finished }) => path === `caches/${id}` && !finished);
  if (entry === undefined) throw new TwirpError(404, 'ArtifactCacheItemNotFoundException', 'Cache not found.');
  if (request.method === 'PATCH') return patch(request, response, entry, body);
  const { size } = JSON.parse(body.toString()) as { readonly size: number };
  if (size !== (entry.blob.content?.length ?? 0)) throw new TwirpError(400, 'ArtifactCacheItemSizeMismatch', 'The size does not match');
  entry.finished = true;
  response.writeHead(204).end();
}

function patch(request: IncomingMessage, response: ServerResponse, { blob }: GhaEntry, body: Buffer): void {
  const [, start, end] = /^bytes (\d+)-(\d+)\/\*$/.exec(request.headers['content-range'] ?? '') ?? [];
  if (start === undefined || Number(end) - Number(start) + 1 !== body.length) throw new TwirpError(400, 'InvalidRange', 'The range is not valid');
  const whole = Buffer.alloc(Math.max(blob.content?.length ?? 0, Number(end) + 1));
  blob.content?.copy(whole);
  body.copy(whole, Number(start));
  blob.content = whole;
  response.writeHead(204).end();
}

/** Lists finished entries (REST API, "List GitHub Actions caches for a repository"). */
export function answerList(response: ServerResponse, { searchParams }: URL, { all }: GhaEntries): void {
  const [key, ref, page, size] = [searchParams.get('key') ?? '', searchParams.get('ref'), Number(searchParams.get('page') ?? 1), Number(searchParams.get('per_page') ?? 30)];
  const listed = all.filter((entry) => entry.finished && entry.key.startsWith(key) && (ref === null || entry.scope === ref));
  const caches = listed.slice((page - 1) * size, page * size).map((entry) => ({ id: entry.id, ref: entry.scope, key: entry.key, version: entry.version, size_in_bytes: entry.blob.content?.length ?? 0 }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ total_count: listed.length, actions_caches: caches }));
}
