import { StrakeError, type Digest } from '@strake/api';
import type { ImageDetails, Images } from 'strake';
import { HttpError } from '../http/status-of';
import { parseMoment } from '../routes/parse-moment';
import type { ServerParts } from '../routes/server-parts';
import { allDetails } from './all-details';
import { imageUsage } from './disk-usage';
import { familiarName } from './familiar-name';
import { readFilters, type Filters } from './filters';
import { isDangling, matchesFilters } from './matches-filters';

/** What went: names and IDs of images. Bytes. */
interface Pruned {
  readonly ImagesDeleted: readonly ({ readonly Untagged: string } | { readonly Deleted: Digest })[] | null;
  readonly SpaceReclaimed: number;
}

/**
 * `POST /images/prune`: as the engine, images without a name, and with `dangling=false` all of them, for no container uses any; `label` and `until`
 * narrow that. What the build cache holds stays. Throws `HttpError` 400.
 */
export async function pruneImages({ builder, events }: ServerParts, query: URLSearchParams): Promise<Pruned> {
  const filters = readFilters(query, ['dangling', 'label', 'until']);
  const wanted = wantedBy(filters);
  const images = builder.images();
  const before = images.keptBy === 'backend' ? imageUsage(await allDetails(builder)).layersSize : 0;
  const deleted: ({ readonly Untagged: string } | { readonly Deleted: Digest })[] = [];
  for (const image of await allDetails(builder)) {
    if (!wanted(image)) continue;
    for (const reference of namesToRemove(image)) {
      // Not by force: what a container of the backend's engine uses stays.
      const removed = await images.remove(reference).catch(leave);
      for (const name of removed.untagged) events.tell('untag', name, familiarName(name));
      for (const id of removed.deleted) events.tell('delete', id);
      deleted.push(...removed.untagged.map((name) => ({ Untagged: familiarName(name) })), ...removed.deleted.map((id) => ({ Deleted: id })));
    }
  }
  if (deleted.length === 0) return { ImagesDeleted: null, SpaceReclaimed: 0 };
  // A backend frees at once what nothing needs; its own prune takes away what builds begin with.
  const reclaimed = images.keptBy === 'store' ? (await images.prune({ all: false })).reclaimed : Math.max(0, before - imageUsage(await allDetails(builder)).layersSize);
  return { ImagesDeleted: deleted, SpaceReclaimed: reclaimed };
}

/** Each name, for the last one takes the image away; without any its ID. */
function namesToRemove({ id, names, digests = [] }: ImageDetails): readonly string[] {
  return names.length > 0 ? names : digests.length > 0 ? digests : [id];
}

/** What is in use, or went meanwhile. */
function leave(error: unknown): Awaited<ReturnType<Images['remove']>> {
  if (error instanceof StrakeError) return { untagged: [], deleted: [] };
  throw error;
}

function wantedBy(filters: Filters): (image: ImageDetails) => boolean {
  const values = filters.get('dangling') ?? ['true'];
  if (values.some((value) => !['0', '1', 'false', 'true'].includes(value))) throw new HttpError(400, `invalid filter 'dangling=[${values.join(' ')}]'`);
  const all = values.some((value) => ['0', 'false'].includes(value));
  const until = parseMoment(filters.get('until')?.[0] ?? null);
  const rest = new Map([...filters].filter(([name]) => name !== 'dangling'));
  const times = until === undefined ? {} : { until: until * 1000 };
  return (image) => image.intermediate !== true && (all || isDangling(image)) && matchesFilters(image, rest, times);
}
