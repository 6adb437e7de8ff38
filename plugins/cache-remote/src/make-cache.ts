import type { Digest, SnapshotReference, StateLayer } from '@strake/api';
import type { CachedRecord, CachedState, InlineRecord } from '@strake/oci';
import type { SeenStep } from './seen-steps';
import { StateTree } from './state-tree';

/** What of a build goes into a cache, before its layers are compressed. */
export interface MadeCache {
  readonly layers: readonly StateLayer[];
  readonly states: readonly CachedState[];
  readonly records: readonly CachedRecord[];
}

/** What a cache is made of. */
export interface CacheParts {
  readonly steps: readonly SeenStep[];
  /** Lowest first; undefined where the tree is not here. */
  readonly layersOf: (snapshot: SnapshotReference) => Promise<readonly StateLayer[] | undefined>;
}

/** With `max` every state that is here is in it; with `min` those that the results consist of, and of all others their identities. */
export async function makeCache({ steps, layersOf }: CacheParts, mode: 'min' | 'max', roots: readonly (SnapshotReference | null)[]): Promise<MadeCache> {
  const tree = new StateTree();
  if (mode === 'min') for (const root of roots) tree.add((root && (await layersOf(root))) ?? []);
  const records: CachedRecord[] = [];
  for (const { key, result } of steps) {
    const layers = await layersOf(result.snapshot);
    const state = layers && (mode === 'max' ? tree.add(layers) : tree.find(layers));
    records.push({ key, ...told(result), ...(state === undefined ? {} : { state }) });
  }
  return { layers: tree.layers, states: tree.states, records };
}

/** What goes into a result's config: how many of its layers each state consists of. */
export async function makeInline({ steps, layersOf }: CacheParts, root: SnapshotReference): Promise<readonly InlineRecord[]> {
  const tree = new StateTree();
  tree.add((await layersOf(root)) ?? []);
  return Promise.all(steps.map(async ({ key, result }): Promise<InlineRecord> => {
    // Without branches the number of a state says how many layers are below it.
    const state = tree.find((await layersOf(result.snapshot)) ?? []);
    return { key, ...told(result), ...(state === undefined ? {} : { layers: state + 1 }) };
  }));
}

function told({ identity, created }: SeenStep['result']): { readonly identity: Digest; readonly created?: string } {
  return { identity, ...(created === undefined ? {} : { created: new Date(created).toISOString() }) };
}
