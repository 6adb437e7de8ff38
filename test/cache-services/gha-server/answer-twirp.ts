import { BlockBlob } from './block-blob';
import type { GhaEntries } from './gha-entries';
import type { RunnerScope } from './runner-token';

/** An error as Twirp has it: a status and a document. */
export class TwirpError extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

/** A call whose token is right. */
export interface TwirpCall {
  readonly method: string;
  readonly message: Readonly<Record<string, unknown>>;
  readonly scopes: readonly RunnerScope[];
  readonly entries: GhaEntries;
  /** An address of storage that lets whoever has it read or write. */
  readonly sign: (id: number, permission: 'r' | 'cw') => string;
}

/** Answers the methods of CacheService (actions/toolkit, `results/api/v1/cache.proto`). Fields without a value are told too, as Go's Twirp does. */
export function answerTwirp(call: TwirpCall): object {
  const { method, message, scopes, entries, sign } = call;
  const { key, version } = checked(message);
  switch (method) {
    case 'GetCacheEntryDownloadURL': {
      const found = entries.find(scopes, version, key, (message['restore_keys'] as readonly string[] | undefined) ?? []);
      return { ok: found !== undefined, signed_download_url: found === undefined ? '' : sign(found.id, 'r'), matched_key: found?.key ?? '' };
    }
    case 'CreateCacheEntry': {
      const begun = entries.begin(writable(scopes), version, key, new BlockBlob());
      if (begun === undefined) throw new TwirpError(409, 'already_exists', 'cache entry with the same key, version, and scope already exists');
      return { ok: true, signed_upload_url: sign(begun.id, 'cw'), message: '' };
    }
    case 'FinalizeCacheEntryUpload': {
      const entry = entries.all.find((one) => one.scope === writable(scopes) && one.version === version && one.key === key && !one.finished);
      if (entry?.blob.content === undefined) throw new TwirpError(404, 'not_found', 'cache entry not found');
      if (message['size_bytes'] !== String(entry.blob.content.length)) throw new TwirpError(400, 'invalid_argument', 'size_bytes does not match what was uploaded');
      entry.finished = true;
      return { ok: true, entry_id: String(entry.id), message: '' };
    }
    default:
      throw new TwirpError(404, 'bad_route', `no handler for ${method}`);
  }
}

function checked({ key, version }: Readonly<Record<string, unknown>>): { readonly key: string; readonly version: string } {
  if (typeof key !== 'string' || key === '' || key.length > 512 || key.includes(',')) throw new TwirpError(400, 'invalid_argument', 'key is not valid');
  if (typeof version !== 'string' || !/^[0-9a-f]{64}$/.test(version)) throw new TwirpError(400, 'invalid_argument', 'version is not valid');
  return { key, version };
}

/** The branch that a token may write. */
export function writable(scopes: readonly RunnerScope[]): string {
  const scope = scopes.find(({ Permission }) => (Permission & 2) !== 0);
  if (scope === undefined) throw new TwirpError(403, 'permission_denied', 'cache write denied: the token has no writable scopes');
  return scope.Scope;
}
