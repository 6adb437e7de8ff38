import { OperatorError } from '@strake/api';
import { uploadBlocks } from './block-blob';
import type { CacheService, FoundEntry, ReservedEntry } from './cache-service';
import type { Calls } from './calls';
import { ENTRY_VERSION } from './keys';
import { signedUrl } from './signed-url';
import type { Access } from './settings';

const SERVICE = '/twirp/github.actions.results.api.v1.CacheService/';

/** The second version: Twirp with JSON (`results/api/v1/cache.proto` of actions/toolkit); bytes go to Azure's blobs by signed addresses. */
export class ServiceV2 implements CacheService {
  readonly #access: Access;
  readonly #calls: Calls;

  constructor(access: Access, calls: Calls) {
    this.#access = access;
    this.#calls = calls;
  }

  async find(prefix: string, signal: AbortSignal): Promise<FoundEntry | undefined> {
    const { document } = await this.#call('GetCacheEntryDownloadURL', { key: prefix, restore_keys: [prefix], version: ENTRY_VERSION }, 'look for an entry', signal);
    const key = textOf(document, 'matched_key', 'matchedKey');
    if (document['ok'] !== true || key === undefined || !key.startsWith(prefix)) return undefined;
    return { key, url: signedUrl(textOf(document, 'signed_download_url', 'signedDownloadUrl'), this.#access.url) };
  }

  async reserve(key: string, signal: AbortSignal): Promise<ReservedEntry | 'taken'> {
    const { status, document } = await this.#call('CreateCacheEntry', { key, version: ENTRY_VERSION }, 'begin an entry', signal, [409]);
    if (status === 409) return 'taken';
    this.#check(document, 'begin an entry');
    const url = signedUrl(textOf(document, 'signed_upload_url', 'signedUploadUrl'), this.#access.url);
    return {
      upload: (content, _size, uploading) => uploadBlocks(url, content, { calls: this.#calls, signal: uploading }),
      finish: async (size, finishing) => {
        const finished = await this.#call('FinalizeCacheEntryUpload', { key, size_bytes: String(size), version: ENTRY_VERSION }, 'finish an entry', finishing);
        this.#check(finished.document, 'finish an entry');
      },
    };
  }

  #call(method: string, message: Readonly<Record<string, unknown>>, what: string, signal: AbortSignal, answers: readonly number[] = []): ReturnType<Calls['json']> {
    const headers = { authorization: `Bearer ${this.#access.token}`, 'content-type': 'application/json' };
    return this.#calls.json({ method: 'POST', url: new URL(`${SERVICE}${method}`, this.#access.url), headers, body: Buffer.from(JSON.stringify(message)), what, signal, answers });
  }

  #check({ ok, message }: Readonly<Record<string, unknown>>, what: string): void {
    if (ok !== true) throw new OperatorError('CACHE_FAILED', `${this.#access.url.host} refused to ${what}${typeof message === 'string' && message !== '' ? `: ${this.#calls.clean(message)}` : ''}`);
  }
}

/** JSON of Protocol Buffers has names in both ways; readers take both. */
function textOf(document: Readonly<Record<string, unknown>>, ...names: readonly string[]): string | undefined {
  return names.map((name) => document[name]).find((value): value is string => typeof value === 'string' && value !== '');
}
