import type { HistoryEntry } from '@strake/api';

/**
 * A history for fewer layers than steps. The entries of steps that one layer holds together say that they have none, but for the last of them.
 * @param steps how many of the last entries with a layer are the build's own
 * @param groups how many steps each new layer holds, lowest first; one without any has an entry of its own
 * @param created when each new layer was made
 */
export function fitHistory(history: readonly HistoryEntry[], steps: number, groups: readonly { readonly steps: number; readonly created: string }[]): readonly HistoryEntry[] {
  const places = history.flatMap(({ empty_layer: empty }, at) => (empty === true ? [] : [at]));
  const own = places.slice(places.length - steps);
  const held = new Map<number, { readonly last: boolean; readonly created: string | undefined }>();
  const added = new Map<number, HistoryEntry>();
  let next = 0;
  for (const group of groups) {
    if (group.steps <= 0) added.set(own[next - 1] ?? -1, { created: group.created, created_by: 'strake: places of mounts removed' });
    for (let at = 1; at <= group.steps; at += 1) held.set(own[next++] ?? -1, { last: at === group.steps, created: group.created });
  }
  // Steps that changed nothing at all have no layer.
  for (const place of own.slice(next)) held.set(place, { last: false, created: undefined });
  return history.flatMap((entry, at) => {
    const step = held.get(at);
    const more = added.get(at);
    if (step === undefined) return [entry];
    const created = entry.created ?? step.created;
    return [{ ...(created === undefined ? {} : { created }), ...entry, ...(step.last ? {} : { empty_layer: true as const }) }, ...(more === undefined ? [] : [more])];
  });
}

/** As many groups as there are layers, where nobody knows what each holds: all but the first hold one step, and what is too much none. */
export function guessGroups(steps: number, layers: number, created: string): readonly { readonly steps: number; readonly created: string }[] {
  if (layers === 0) return [];
  return Array.from({ length: layers }, (_, at) => ({ steps: at === 0 ? Math.max(1, steps - layers + 1) : at < steps ? 1 : 0, created }));
}
