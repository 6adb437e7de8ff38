import type { Digest, HistoryEntry, Squash } from '@strake/api';

/**
 * The history of an image whose layers above the base became one, as Docker's classic builder writes it: entries that had a layer of their own
 * have none any more, and a last one stands for all of them. `id` is the image before.
 */
export function squashedHistory(history: readonly HistoryEntry[], { baseLayers, baseId }: Squash, id: Digest, created: string | undefined): readonly HistoryEntry[] {
  let layers = 0;
  const entries = history.map((entry) => {
    if (entry.empty_layer === true) return entry;
    layers += 1;
    return layers > baseLayers.length ? { ...entry, empty_layer: true } : entry;
  });
  const comment = baseId === undefined ? `create new from ${id}` : `merge ${id} to ${baseId}`;
  return [...entries, { ...(created === undefined ? {} : { created }), comment }];
}
