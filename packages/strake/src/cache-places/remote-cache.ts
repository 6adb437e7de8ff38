import type { BackendSession, BuildEvent, BuildGraph, CacheStrategy, GraphResult, SnapshotReference } from '@strake/api';
import { InternalError } from '@strake/api';
import { RemoteCache } from '@strake/cache-remote';
import { INLINE_CACHE_FIELD, inlineCache, type Store } from '@strake/oci';
import type { ChosenPlaces } from './choose-places';

/** What a build's caches outside the store work with. */
export interface RemoteCacheScene {
  readonly session: BackendSession;
  readonly graph: BuildGraph;
  readonly store: Store;
  readonly emit: (event: BuildEvent) => void;
}

/** A build's strategy with caches outside the store behind it; undefined where none is asked for. */
export function remoteCache(inner: CacheStrategy, { from, to, inline }: ChosenPlaces, { session, graph, store, emit }: RemoteCacheScene): RemoteCache | undefined {
  if (from.length + to.length === 0 && !inline) return undefined;
  const layers = session.layers?.bind(session);
  const restore = session.restore?.bind(session);
  if (restore === undefined) throw new InternalError('a backend that says it restores states has sessions that cannot');
  return new RemoteCache(inner, {
    store,
    session: { ...(layers === undefined ? {} : { layers }), has: (snapshot) => session.has(snapshot), source: (op) => session.source(op), restore },
    graph,
    from,
    to,
    warn: (warning) => emit({ type: 'warning', at: Date.now(), diagnostic: { severity: 'warning', ...warning } }),
    task: (name, work) => told(name, work, emit),
  });
}

/** A result whose config has its cache in it. */
export async function withInline(result: GraphResult, root: SnapshotReference | null, cache: RemoteCache | undefined): Promise<GraphResult> {
  if (root === null || cache === undefined) return result;
  const config = { ...result.config, [INLINE_CACHE_FIELD]: inlineCache(await cache.inline(root)) };
  return { ...result, config };
}

async function told<T>(name: string, work: () => Promise<T>, emit: (event: BuildEvent) => void): Promise<T> {
  const begun = performance.now();
  emit({ type: 'export', at: Date.now(), name, state: 'started' });
  try {
    return await work();
  } finally {
    emit({ type: 'export', at: Date.now(), name, state: 'done', milliseconds: performance.now() - begun });
  }
}
