import type { ImageDetails } from '../library';

/** One entry of an image's history, newest first; `size` is that of the layer it made, in bytes. */
export interface HistoryRow {
  readonly created: string | undefined;
  readonly createdBy: string;
  readonly size: number;
  readonly comment: string;
}

/** Pairs an image's history with its layers: every entry that is not empty made the next layer. */
export function historyRows({ config, layers }: ImageDetails): readonly HistoryRow[] {
  let layer = 0;
  const rows = config.history.map((entry) => ({
    created: entry.created,
    createdBy: entry.created_by ?? '',
    size: entry.empty_layer === true ? 0 : (layers[layer++]?.size ?? 0),
    comment: entry.comment ?? '',
  }));
  return rows.reverse();
}
