import type { BuildEvent, CacheBuild } from '@strake/api';
import { digestOf, type Store } from '@strake/oci';
import type { BuildStatistics, CacheStatistics } from './cache-types';

const MOST = 1_000;
const LATEST = 20;

/** Counts which steps of a build are found and which are made. */
export class StepCounts {
  readonly #found = new Set<string>();
  readonly #made = new Set<string>();

  see(event: BuildEvent): void {
    if (event.type === 'cached') this.#found.add(event.vertex);
    else if (event.type === 'missed') this.#made.add(event.vertex);
  }

  /** Remembers them with the store, and forgets the oldest when there are too many. */
  remember(store: Store, { id, project }: CacheBuild, begun: number): void {
    if (this.#found.size + this.#made.size === 0) return;
    const records = store.cacheRecords<BuildStatistics>('builds');
    records.set(digestOf(id), { id, at: new Date(begun).toISOString(), project, found: this.#found.size, made: this.#made.size, milliseconds: Date.now() - begun });
    // Now and then: listing costs more than a record.
    if (Math.random() < 10 / MOST) for (const [digest] of newestFirst(records.list()).slice(MOST)) records.delete(digest);
  }
}

/** How often the builds of a store found their steps. */
export function cacheStatistics(store: Store): CacheStatistics {
  const builds = newestFirst(store.cacheRecords<BuildStatistics>('builds').list()).map(([, build]) => build);
  const sum = (of: (build: BuildStatistics) => number): number => builds.reduce((all, build) => all + of(build), 0);
  return { builds: builds.length, found: sum(({ found }) => found), made: sum(({ made }) => made), latest: builds.slice(0, LATEST) };
}

function newestFirst<T extends readonly [unknown, BuildStatistics]>(records: readonly T[]): readonly T[] {
  return [...records].sort(([, one], [, other]) => (one.at < other.at ? 1 : -1));
}
