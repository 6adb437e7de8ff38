import { ABSENT_SNAPSHOT, type BuildGraph, type CacheAnswer, type CacheBuild, type CacheOutcome, type CacheQuery, type CacheReader, type CacheResult, type CacheStrategy, type CacheWriter, type Diagnostic, type Digest, type SnapshotReference, type StateLayer } from '@strake/api';
import type { InlineRecord, Store } from '@strake/oci';
import type { CacheExportOptions } from './cache-export-options';
import { diagnosticOf } from './diagnostic-of';
import { FoundCaches } from './found-caches';
import { makeCache, makeInline, type CacheParts } from './make-cache';
import type { RemoteSession } from './remote-session';
import { SeenSteps } from './seen-steps';
import { writeCache } from './write-cache';

export type { RemoteSession } from './remote-session';

/** A place that a build's cache is written to. */
export interface CacheTarget extends CacheExportOptions {
  readonly writer: CacheWriter;
}

/** What one build's caches outside the store need. */
export interface RemoteCacheParts {
  readonly store: Store;
  readonly session: RemoteSession;
  readonly graph: BuildGraph;
  readonly from: readonly CacheReader[];
  readonly to: readonly CacheTarget[];
  readonly warn: (diagnostic: Pick<Diagnostic, 'code' | 'message' | 'hint'>) => void;
  /** Does a piece of work that people are told of. */
  readonly task: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

/**
 * Another strategy with caches outside the store behind it, for one build: what it does not know is looked for there, and becomes its own. When
 * the build has ended well, what was found and made is written to the places.
 */
export class RemoteCache implements CacheStrategy {
  readonly name: string;
  readonly #inner: CacheStrategy;
  readonly #parts: RemoteCacheParts;
  readonly #found: FoundCaches;
  readonly #seen = new SeenSteps();

  constructor(inner: CacheStrategy, parts: RemoteCacheParts) {
    this.name = inner.name;
    this.#inner = inner;
    this.#parts = parts;
    this.#found = new FoundCaches({ ...parts, readers: parts.from });
  }

  async begin(build: CacheBuild, signal: AbortSignal): Promise<void> {
    await Promise.all([this.#inner.begin?.(build, signal), this.#found.read(signal)]);
  }

  async lookup(query: CacheQuery): Promise<CacheAnswer> {
    const answer = await this.#lookup(query);
    if (answer.hit) this.#seen.see(query, answer);
    return answer;
  }

  async record(query: CacheQuery, result: CacheResult): Promise<void> {
    this.#seen.see(query, result);
    await this.#inner.record(query, result);
  }

  async end(build: CacheBuild, outcome: CacheOutcome): Promise<void> {
    await this.#inner.end?.(build, outcome);
    await this.#keepResults(outcome);
    const { to } = this.#parts;
    if (to.length === 0) return;
    const parts = await this.#cacheParts();
    const base = await this.#baseLayers();
    for (const target of to) {
      const done = target === to.at(-1) ? (): Promise<void> => this.#found.release() : undefined;
      await this.#write(target, { parts, base, done }, outcome);
    }
  }

  /** What an image with its cache in it says of the steps. */
  async inline(root: SnapshotReference): Promise<readonly InlineRecord[]> {
    return makeInline(await this.#cacheParts(), root);
  }

  /** Gives up all places. */
  async close(): Promise<void> {
    await this.#found.close();
    await Promise.allSettled(this.#parts.to.map(async ({ writer }) => writer.close?.()));
  }

  async #lookup(query: CacheQuery): Promise<CacheAnswer> {
    const local = await this.#inner.lookup(query);
    if (local.hit ? await this.#parts.session.has(local.snapshot) : local.refused === true) return local;
    const found = await this.#found.lookup(query.key.digest);
    if (found === undefined || (local.hit && found.result.snapshot === ABSENT_SNAPSHOT)) return local;
    // Whether it is too old, say, is for the strategy to decide; one that cannot tell beforehand tells when it is asked again.
    const refused = this.#inner.refuses?.(query, found.result);
    if (refused !== undefined) return { hit: false, ...refused };
    await this.#adopt(query, found.result);
    const again = await this.#inner.lookup(query);
    if (!again.hit && again.refused === true) return again;
    return { ...(again.hit ? again : { hit: true, ...found.result }), from: found.from };
  }

  /** The next build finds it without the place; by its content too, where the place knows that. */
  async #adopt(query: CacheQuery, result: CacheResult): Promise<void> {
    await this.#inner.record(query, result);
    const { identity } = result;
    if (identity !== query.key.digest && this.#found.knows(identity, identity)) await this.#inner.record(byIdentity(query, identity), result);
  }

  /** Layers that no later build could bring are brought now, where a result consists of them. */
  async #keepResults({ roots, signal, ...outcome }: CacheOutcome): Promise<void> {
    const { store: { remote, layers: known, blobs }, session } = this.#parts;
    const wanted = new Map<Digest, StateLayer>();
    for (const root of roots) for (const layer of (root && (await session.layers?.(root))) ?? []) wanted.set(layer.descriptor.digest, layer);
    await Promise.all([...wanted.values()].map(async ({ descriptor, diffId }) => {
      const { digest } = descriptor;
      const packs = known.get(diffId);
      if (remote.lasting(digest) || packs?.snapshot !== undefined || (packs?.blob !== undefined && blobs.has(packs.blob.digest))) return;
      await remote.bring(descriptor, { signal, progress: (current, total) => outcome.progress('bringing layers', current, total) });
    }));
  }

  async #write({ writer, mode, form, ignoreError }: CacheTarget, { parts, base, done }: Writing, { roots, signal, ...outcome }: CacheOutcome): Promise<void> {
    const { store, task, warn } = this.#parts;
    try {
      await task(`exporting cache to ${writer.name}`, async () => {
        const cache = await makeCache(parts, mode, roots);
        await writeCache(cache, writer, form, { store, signal, progress: (label, current, total) => outcome.progress(label, current, total), isBase: (diffId) => base.has(diffId), ...(done === undefined ? {} : { done }) });
      });
    } catch (error) {
      if (!ignoreError || signal.aborted) throw error;
      warn(diagnosticOf(error, 'CacheNotExported', `no cache is written to ${writer.name}`));
    }
  }

  /** All that was seen; each snapshot is asked for its layers once. */
  async #cacheParts(): Promise<CacheParts> {
    const { session } = this.#parts;
    await this.#seeContents();
    const known = new Map<string, Promise<readonly StateLayer[] | undefined>>();
    const ask = async (snapshot: SnapshotReference): Promise<readonly StateLayer[] | undefined> => ((await session.has(snapshot)) ? session.layers?.(snapshot) : undefined);
    return {
      steps: this.#seen.list(),
      layersOf: (snapshot) => {
        const layers = known.get(snapshot.id) ?? ask(snapshot);
        known.set(snapshot.id, layers);
        return layers;
      },
    };
  }

  /** A step that was found by its definition was never asked for by its content, by which others will look for it too. */
  async #seeContents(): Promise<void> {
    for (const { key, vertex, result: { identity } } of this.#seen.list()) {
      if (identity === key || this.#seen.has(identity)) continue;
      const query = byIdentity({ vertex }, identity);
      const answer = await this.#inner.lookup(query);
      if (answer.hit && answer.identity === identity) this.#seen.see(query, answer);
    }
  }

  async #baseLayers(): Promise<ReadonlySet<Digest>> {
    const { session, graph } = this.#parts;
    const found = new Set<Digest>();
    for (const { ops: [op] } of graph.vertices) {
      if (op?.type !== 'source' || op.scheme !== 'image') continue;
      for (const { diffId } of (await session.layers?.(await session.source(op))) ?? []) found.add(diffId);
    }
    return found;
  }
}

/** What is written to each target. */
interface Writing {
  readonly parts: CacheParts;
  /** DiffIDs. */
  readonly base: ReadonlySet<Digest>;
  /** Called when all layers of the last target are there. */
  readonly done: (() => Promise<void>) | undefined;
}

/** The identity of a step is the digest of its key by content. */
function byIdentity({ vertex, build }: Pick<CacheQuery, 'vertex' | 'build'>, identity: Digest): CacheQuery {
  return { vertex, key: { digest: identity, parts: [] }, by: 'definition', ...(build === undefined ? {} : { build }) };
}
