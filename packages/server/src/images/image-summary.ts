import type { ImageDetails } from 'strake';
import { familiarName } from './familiar-name';

/** An entry of `GET /images/json` (Engine API, ImageSummary). Sizes are bytes, times seconds since the epoch. */
export function imageSummary({ id, names, created, size, config, parent }: ImageDetails): Readonly<Record<string, unknown>> {
  return {
    Containers: -1,
    Created: secondsOf(created),
    Id: id,
    Labels: config.config.Labels ?? null,
    ParentId: parent ?? '',
    RepoDigests: [],
    RepoTags: names.map(familiarName),
    SharedSize: -1,
    Size: size,
    VirtualSize: size,
  };
}

/** RFC 3339 as seconds since the epoch; 0 when it is not known. */
export function secondsOf(time: string | undefined): number {
  const milliseconds = time === undefined ? NaN : Date.parse(time);
  return Number.isNaN(milliseconds) ? 0 : Math.floor(milliseconds / 1000);
}
