import type { TokenScope } from './access-token';
import type { Calls } from './calls';
import type { Listing } from './settings';

/** What is listed, and by whom. */
export interface KeyList {
  readonly calls: Calls;
  readonly scopes: readonly TokenScope[];
  readonly prefix: string;
  readonly signal: AbortSignal;
}

const PER_PAGE = 100;
/** A repository with more is asked for its layers one by one. */
const MOST_PAGES = 100;

/** The keys of finished entries that a branch may read (REST API, "List GitHub Actions caches for a repository"). Throws CACHE_DENIED, CACHE_FAILED, CACHE_UNREACHABLE. */
export async function listKeys({ url, repository, token }: Listing, { calls, scopes, prefix, signal }: KeyList): Promise<ReadonlySet<string>> {
  const keys = new Set<string>();
  for (const { scope } of scopes) {
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const query = new URLSearchParams({ key: prefix, per_page: String(PER_PAGE), page: String(page), ...(scope === '' ? {} : { ref: scope }) });
      const { document } = await calls.json({
        method: 'GET', url: new URL(`${url.href.replace(/\/+$/, '')}/repos/${repository}/actions/caches?${query.toString()}`), signal, what: `list the caches of ${repository}`,
        headers: { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json', 'x-github-api-version': '2022-11-28' },
      });
      const listed = Array.isArray(document['actions_caches']) ? (document['actions_caches'] as readonly { readonly key?: unknown }[]) : [];
      for (const { key } of listed) if (typeof key === 'string') keys.add(key);
      if (listed.length < PER_PAGE) break;
    }
  }
  return keys;
}
