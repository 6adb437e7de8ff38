import type { CacheEntry, CachePruneOptions } from 'strake';
import { booleanOf } from '../http/query';
import { HttpError } from '../http/status-of';
import { readFilters } from '../images/filters';
import type { ServerParts } from './server-parts';

/** Types as BuildKit names them. */
const TYPES: Readonly<Record<CacheEntry['type'], string>> = { step: 'regular', base: 'regular', source: 'source.git.checkout', mount: 'exec.cachemount', layer: 'internal', image: 'internal' };
/** Filters of docker's that are strake's. */
const FILTERS = ['until', 'unused-for', 'id', 'parents', 'type', 'description', 'inuse'];

/** Docker's `BuildCache` records (Engine API 1.41, `/system/df`). */
export async function buildCache({ builder }: ServerParts): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const entries = await builder.caches().list({ all: true });
  return entries.map(({ id, type, description, size, created, used, parents, inUse }) => ({
    ID: id, Parents: parents, Parent: parents[0] ?? '', Type: TYPES[type], Description: description, InUse: inUse, Shared: inUse, Size: size, CreatedAt: created ?? used, LastUsedAt: used, UsageCount: 1,
  }));
}

/** `/build/prune`: what went, in docker's form. What cannot be honoured is refused. */
export async function pruneBuildCache({ builder }: ServerParts, query: URLSearchParams): Promise<Readonly<Record<string, unknown>>> {
  const reserved = bytesOf(query, 'reserved-space') ?? bytesOf(query, 'keep-storage');
  const [mostUsed, leastFree] = [bytesOf(query, 'max-used-space'), bytesOf(query, 'min-free-space')];
  const options: CachePruneOptions = {
    all: booleanOf(query, 'all'),
    filters: filtersOf(query),
    ...(reserved === undefined ? {} : { reservedSpace: reserved }),
    ...(mostUsed === undefined ? {} : { maxUsedSpace: mostUsed }),
    ...(leastFree === undefined ? {} : { minFreeSpace: leastFree }),
  };
  const { removed, reclaimed } = await builder.caches().prune(options);
  return { CachesDeleted: removed.map(({ id }) => id), SpaceReclaimed: reclaimed };
}

/** Undefined for none, and for 0, by which clients mean none. */
function bytesOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null || text === '' || text === '0') return undefined;
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new HttpError(400, `${name} is in bytes and not "${text}"`);
}

function filtersOf(query: URLSearchParams): readonly string[] {
  return [...readFilters(query, FILTERS)].flatMap(([name, values]) => values.map((value) => (value === '' ? name : `${name}=${value}`)));
}
