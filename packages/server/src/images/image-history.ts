import type { ImageDetails } from 'strake';
import { familiarName } from './familiar-name';
import { secondsOf } from './image-summary';

/** The answer of `GET /images/NAME/history`, newest first: each entry that is not empty made the next layer. */
export function imageHistory({ id, names, config, layers }: ImageDetails): readonly Readonly<Record<string, unknown>>[] {
  let layer = 0;
  const last = config.history.length - 1;
  const rows = config.history.map((entry, index) => ({
    Comment: entry.comment ?? '',
    Created: secondsOf(entry.created),
    CreatedBy: entry.created_by ?? '',
    Id: index === last ? id : '<missing>',
    Size: entry.empty_layer === true ? 0 : (layers[layer++]?.size ?? 0),
    Tags: index === last && names.length > 0 ? names.map(familiarName) : null,
  }));
  return rows.reverse();
}
