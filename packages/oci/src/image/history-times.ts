import type { HistoryEntry } from '@strake/api';

/**
 * Fills in when the entries of a history were made, exactly as BuildKit does: an entry with a layer when its layer was;
 * the first of the others with the next layer after them, later ones with the layer before. So a build that is all
 * cached gives the same image again. `layers` has a time for each layer, where one is known.
 */
export function fillHistoryTimes(history: readonly HistoryEntry[], layers: readonly (string | undefined)[]): readonly HistoryEntry[] {
  let layer = 0;
  const known = history.map((entry) => {
    const made = entry.empty_layer === true ? undefined : layers[layer++];
    return entry.created !== undefined || made === undefined ? entry : withTime(entry, made);
  });
  const firstNew = known.findIndex(({ created }) => created === undefined);
  let time = known.slice(Math.max(0, firstNew)).find(({ created }) => created !== undefined)?.created ?? known[firstNew - 1]?.created;
  let filling = false;
  return known.map((entry) => {
    if (entry.created !== undefined) {
      if (filling) time = entry.created;
      return entry;
    }
    filling = true;
    return time === undefined ? entry : withTime(entry, time);
  });
}

/** With the time first, where every builder writes it. */
const withTime = (entry: HistoryEntry, created: string): HistoryEntry => ({ created, ...entry });
