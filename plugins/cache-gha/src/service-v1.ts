import { OperatorError } from '@strake/api';
import { inPieces } from '@strake/oci';
import type { CacheService, FoundEntry, ReservedEntry } from './cache-service';
import type { Calls, Question } from './calls';
import { ENTRY_VERSION } from './keys';
import { signedUrl } from './signed-url';
import type { Access } from './settings';

/** Bytes of a piece. */
const PIECE = 16 << 20;

/** The first version, which GitHub Enterprise Server has: REST (`cacheHttpClient` of actions/toolkit). */
export class ServiceV1 implements CacheService {
  readonly #access: Access;
  readonly #calls: Calls;

  constructor(access: Access, calls: Calls) {
    this.#access = access;
    this.#calls = calls;
  }

  async find(prefix: string, signal: AbortSignal): Promise<FoundEntry | undefined> {
    const query = new URLSearchParams({ keys: prefix, version: ENTRY_VERSION });
    const { document } = await this.#call({ method: 'GET', path: `cache?${query.toString()}`, what: 'look for an entry', signal, answers: [404] });
    const { cacheKey: key, archiveLocation } = document;
    if (typeof key !== 'string' || typeof archiveLocation !== 'string' || !key.startsWith(prefix)) return undefined;
    return { key, url: signedUrl(archiveLocation, this.#access.url) };
  }

  async reserve(key: string, signal: AbortSignal): Promise<ReservedEntry | 'taken'> {
    const { status, document } = await this.#call({ method: 'POST', path: 'caches', message: { key, version: ENTRY_VERSION }, what: 'begin an entry', signal, answers: [409] });
    if (status === 409) return 'taken';
    const id = document['cacheId'];
    if (typeof id !== 'number') throw new OperatorError('CACHE_FAILED', `${this.#access.url.host} begins an entry without a number`);
    return {
      upload: async (content, _size, uploading) => {
        let at = 0;
        for await (const piece of inPieces(content, PIECE)) {
          await this.#call({ method: 'PATCH', path: `caches/${id}`, body: piece, headers: { 'content-type': 'application/octet-stream', 'content-range': `bytes ${at}-${at + piece.length - 1}/*` }, what: 'take an upload', signal: uploading });
          at += piece.length;
        }
      },
      finish: async (size, finishing) => void (await this.#call({ method: 'POST', path: `caches/${id}`, message: { size }, what: 'finish an entry', signal: finishing })),
    };
  }

  #call({ path, message, headers = {}, ...question }: Omit<Question, 'url'> & { readonly path: string; readonly message?: object }): ReturnType<Calls['json']> {
    const { url, token } = this.#access;
    const base = `${url.href.replace(/\/+$/, '')}/_apis/artifactcache/`;
    const own = { authorization: `Bearer ${token}`, accept: 'application/json;api-version=6.0-preview.1' };
    const content = message === undefined ? {} : { body: Buffer.from(JSON.stringify(message)) };
    return this.#calls.json({ ...question, ...content, url: new URL(path, base), headers: { ...own, ...(message === undefined ? {} : { 'content-type': 'application/json' }), ...headers } });
  }
}
