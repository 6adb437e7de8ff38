import { DockerfileError } from '@strake/api';
import type { BoundMount } from './mount-kinds';
import { coverOf, type PlacedMount } from './mount-places';

/** What lies in a directory that cannot be written must be there already. Throws INVALID_FLAG. */
export function checkCovers(placed: readonly PlacedMount[], directories: readonly BoundMount[]): void {
  for (const { mount, place } of placed) {
    const cover = coverOf(place, directories);
    if (cover?.mount.readonly !== true || has(cover, place)) continue;
    throw new DockerfileError('INVALID_FLAG', `${mount.target ?? place} is not in the mount at ${cover.mount.target}, and cannot be made there: it is read-only`, {
      at: '--mount', hint: `make it where the mount at ${cover.mount.target} comes from, or let that one be written: rw`,
    });
  }
}

const has = ({ place, source }: BoundMount, path: string): boolean => source.taken.some((file) => file.path === path.slice(place.length + 1));
