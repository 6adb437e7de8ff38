import type { EngineClient } from '../engine';
import { isAbandoned, OWNER_LABEL } from './owner';

/** Removes what strakes that were killed have left: containers, volumes, images without a name. */
export async function reclaim({ containers, images, volumes }: EngineClient): Promise<void> {
  const [left, leftVolumes, leftImages] = await Promise.all([containers.list(OWNER_LABEL), volumes.list(OWNER_LABEL), images.list({ filters: { label: [OWNER_LABEL], dangling: ['true'] } })]);
  const isLeft = (labels: Readonly<Record<string, string>> | null): boolean => isAbandoned(labels?.[OWNER_LABEL] ?? '');
  await Promise.all(left.filter(({ Labels }) => isLeft(Labels)).map(({ Id }) => containers.remove(Id)));
  await Promise.all(leftVolumes.filter(({ Labels }) => isLeft(Labels)).map(({ Name }) => volumes.remove(Name)));
  for (const { Id } of leftImages.filter(({ Labels }) => isLeft(Labels))) await images.remove(Id, { prune: false }).catch(() => undefined);
}
