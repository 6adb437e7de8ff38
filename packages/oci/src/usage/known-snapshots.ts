import type { CachedSnapshot } from '../prune/needed-content';
import type { Store } from '../store/store';

/** What records say of a snapshot. */
export interface KnownSnapshot {
  readonly type: 'step' | 'source';
  readonly description: string;
  /** Milliseconds since 1970. */
  readonly used: number;
}

const KINDS = [['keys', 'step'], ['sources', 'source']] as const;

/** What cache records know of snapshots, by id; the latest record of each counts. */
export function knownSnapshots(store: Store): ReadonlyMap<string, KnownSnapshot> {
  const known = new Map<string, KnownSnapshot>();
  for (const [folder, type] of KINDS) {
    const records = store.cacheRecords<CachedSnapshot & { readonly text?: string }>(folder);
    for (const [digest, { snapshot, text = '' }] of records.list()) {
      const [before, used] = [known.get(snapshot), records.used(digest) ?? 0];
      known.set(snapshot, { type, description: before?.description === undefined || before.description === '' ? text : before.description, used: Math.max(used, before?.used ?? 0) });
    }
  }
  return known;
}
