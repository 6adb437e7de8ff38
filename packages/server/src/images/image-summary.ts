import type { ImageDetails } from 'strake';
import { imageReferences } from './image-references';

/** An entry of `GET /images/json` (Engine API, ImageSummary). Sizes are bytes, times seconds since the epoch. */
export function imageSummary({ id, created, size, config, parent, ...named }: ImageDetails): Readonly<Record<string, unknown>> {
  return {
    Containers: -1,
    Created: secondsOf(created),
    Id: id,
    Labels: config.config.Labels ?? null,
    ParentId: parent ?? '',
    ...imageReferences(named),
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
