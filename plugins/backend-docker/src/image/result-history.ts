import type { Digest, GraphResult, HistoryEntry } from '@strake/api';
import { fillHistoryTimes } from '@strake/oci';
import type { EngineImage } from '../engine';
import { chainOf, type Trees } from '../snapshots/trees';
import type { Uses } from '../snapshots/uses';
import { fitHistory, guessGroups } from './fit-history';

/** The history of a result, as the graph says it, for the layers that its tree has in the engine. */
export function resultHistory({ root, history }: GraphResult, tree: EngineImage | undefined, { trees, uses }: { readonly trees: Trees; readonly uses: Uses }): readonly HistoryEntry[] {
  const steps = uses.stepsOf(root).length;
  const entries = history.filter(({ empty_layer: empty }) => empty !== true).length;
  const layers = tree?.RootFS.Layers?.length ?? 0;
  // One that comes from images of instructions says all of it.
  if (entries === layers && history.every(({ created }) => created !== undefined)) return history;
  const own = layers - (entries - steps);
  const known = tree === undefined ? [] : groupsOf(chainOf(tree), own, trees);
  const fits = known.length === own && known.reduce((sum, group) => sum + group.steps, 0) === steps;
  const groups = fits ? known : guessGroups(steps, own, tree?.Created ?? new Date().toISOString());
  return fillHistoryTimes(fitHistory(history, steps, groups), []);
}

/** What the highest layers of a tree hold, lowest first. */
function groupsOf(chain: Digest, layers: number, trees: Trees): readonly { readonly steps: number; readonly created: string }[] {
  const groups: { readonly steps: number; readonly created: string }[] = [];
  for (let at: Digest | null = chain; at !== null && groups.length < layers; ) {
    const record = trees.get(at);
    if (record === undefined) return [];
    groups.unshift({ steps: record.steps, created: record.created });
    at = record.below;
  }
  return groups;
}
