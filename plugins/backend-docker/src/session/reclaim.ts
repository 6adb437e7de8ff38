import type { EngineClient, EngineImages, EngineImageSummary } from '../engine';
import { isAbandoned, OWNER_LABEL } from './owner';

/** Removes what strakes that were killed, or lost their engine, have left: containers, volumes, images without a name. */
export async function reclaim({ containers, images, volumes }: EngineClient): Promise<void> {
  const [left, leftVolumes, leftImages] = await Promise.all([containers.list(OWNER_LABEL), volumes.list(OWNER_LABEL), images.list({ filters: { label: [OWNER_LABEL], dangling: ['true'] } })]);
  await Promise.all(left.filter(isLeft).map(({ Id }) => containers.remove(Id)));
  await Promise.all(leftVolumes.filter(isLeft).map(({ Name }) => volumes.remove(Name)));
  // That list lacks those that others were made on; the whole one takes an engine long.
  if (leftImages.some(isLeft)) await removeAll((await images.list({ all: true, filters: { label: [OWNER_LABEL] } })).filter((image) => isLeft(image) && isNameless(image)), images);
}

const isLeft = ({ Labels }: { readonly Labels: Readonly<Record<string, string>> | null }): boolean => isAbandoned(Labels?.[OWNER_LABEL] ?? '');

const isNameless = ({ RepoTags }: EngineImageSummary): boolean => (RepoTags ?? []).every((name) => name.startsWith('<none>'));

/** Those that stand on others go first: as long as one goes, another may be able to. */
async function removeAll(left: readonly EngineImageSummary[], images: EngineImages): Promise<void> {
  const stayed: EngineImageSummary[] = [];
  for (const image of left) await images.remove(image.Id, { prune: false }).catch(() => stayed.push(image));
  if (stayed.length > 0 && stayed.length < left.length) await removeAll(stayed, images);
}
