import type { BackendSession, BuildEvent, BuildGraph, CacheBuild, CacheStrategy, Digest, FailedState, SnapshotReference, SourceOp, Vertex } from '@strake/api';
import { CancelledError } from '@strake/api';
import { Applications } from './applications';
import { DeferredState } from './deferred-state';
import { FoundState } from './found-state';
import type { State } from './state';
import { contextState, lazyState, snapshotOf } from './state';
import { SourceWork } from './source-work';
import { Step } from './step';

/** What `solve` needs besides the graph. */
export interface SolveOptions {
  readonly session: BackendSession;
  readonly cache: CacheStrategy;
  /** Told to the strategy. */
  readonly build?: CacheBuild;
  readonly signal: AbortSignal;
  readonly emit: (event: BuildEvent) => void;
  /** Why a vertex must not be looked up (`--no-cache`), or undefined. It is recorded all the same. */
  readonly skipCache?: (vertex: Vertex) => string | undefined;
  /** How many vertices may be applied at once; 8 by default. */
  readonly parallelism?: number;
  /** Called when a program of a vertex has failed, while what it left is there; not for those that another failure has stopped. */
  readonly failed?: (vertex: Vertex, state: FailedState, signal: AbortSignal) => Promise<void>;
  /** Where each applied vertex waits for a turn that it shares with other builds. */
  readonly turns?: { run<T>(work: () => Promise<T>): Promise<T> };
  /** Milliseconds since 1970: what ages are counted to. The clock by default. */
  readonly now?: () => number;
}

/** The final state of each result, in the order of `graph.results`; null for an image without layers. */
export type Solution = readonly (SnapshotReference | null)[];

/**
 * Solves a graph: every vertex that a result needs, or the graph requires, is found in the cache or applied, independent ones at the same time.
 * The first failure stops the others; the promise settles when nothing runs any more.
 * Throws what the backend throws, with the vertex's position, and `CancelledError` when the signal says so.
 */
export async function solve(graph: BuildGraph, options: SolveOptions): Promise<Solution> {
  const stop = new AbortController();
  const signal = AbortSignal.any([options.signal, stop.signal]);
  const walk = new Walk(graph, { ...options, signal });
  const { vertices, stages, globals } = graph;
  options.emit({ type: 'graph', at: Date.now(), vertices: vertices.map(({ digest, inputs, parent, note }) => ({ digest, inputs: parent ? [parent, ...inputs] : inputs, note })), stages, globals });

  const results = graph.results.map(async ({ root }) => (root === null ? null : snapshotOf(await walk.state(root))));
  let failure: { readonly error: unknown } | undefined;
  const required = (graph.required ?? []).map((digest) => walk.made(digest));
  for (const result of [...results, ...required]) {
    result.catch((error: unknown) => {
      failure ??= { error };
      stop.abort();
    });
  }
  await Promise.allSettled([...results, ...required]);
  await walk.settled();
  if (options.signal.aborted) throw new CancelledError({ cause: failure?.error });
  if (failure) throw failure.error;
  walk.tellUnneeded();
  return Promise.all(results);
}

/** Visits each vertex once, however many need it. */
class Walk {
  readonly #vertices: ReadonlyMap<Digest, Vertex>;
  readonly #states = new Map<Digest, Promise<State>>();
  readonly #deferred = new Map<Vertex, DeferredState>();
  readonly #found: FoundState[] = [];
  readonly #options: SolveOptions;
  readonly #applications: Applications;

  constructor(graph: BuildGraph, options: SolveOptions) {
    this.#vertices = new Map(graph.vertices.map((vertex) => [vertex.digest, vertex]));
    this.#options = options;
    this.#applications = new Applications(options.parallelism ?? 8);
  }

  state(digest: Digest): Promise<State> {
    let state = this.#states.get(digest);
    if (!state) {
      state = this.#visit(digest);
      this.#states.set(digest, state);
    }
    return state;
  }

  /** A state whose step has run, or was found with all that it made. */
  async made(digest: Digest): Promise<State> {
    const state = await this.state(digest);
    if (state instanceof DeferredState) await state.input();
    return state;
  }

  /** Resolves when every vertex that was begun has ended, well or not. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#states.values());
    for (let pending = this.#pending(); pending.length > 0; pending = this.#pending()) await Promise.allSettled(pending);
  }

  #pending(): readonly Promise<unknown>[] {
    return [...this.#deferred.values(), ...this.#found].flatMap(({ pending }) => pending ?? []);
  }

  /** Steps whose trees nobody needed are as good as found; in a dry run some may yet be needed. */
  tellUnneeded(): void {
    for (const [{ digest: vertex, note }, { need, miss, from }] of this.#deferred) {
      if (need === 'none') this.#options.emit({ type: 'cached', at: Date.now(), vertex, note, ...(from === undefined ? {} : { from }) });
      if (need === 'maybe') this.#options.emit({ type: 'missed', at: Date.now(), vertex, note, reason: miss.reason, miss: { ...miss, uncertain: true } });
    }
  }

  async #visit(digest: Digest): Promise<State> {
    const vertex = this.#vertices.get(digest);
    if (!vertex) throw new TypeError(`the graph has no vertex ${digest}`);
    await Promise.all((vertex.after ?? []).map((earlier) => this.made(earlier)));
    const [first] = vertex.ops;
    if (first?.type === 'source') return this.#source(first, vertex);
    const [parent, ...inputs] = await Promise.all([vertex.parent === null ? null : this.state(vertex.parent), ...vertex.inputs.map((input) => this.state(input))]);
    if (this.#options.signal.aborted) throw new CancelledError();
    const state = await new Step(vertex, parent ?? null, inputs, this.#options, this.#applications).solve();
    if (state instanceof DeferredState) this.#deferred.set(vertex, state);
    if (state instanceof FoundState) this.#found.push(state);
    return state;
  }

  async #source(op: SourceOp, vertex: Vertex): Promise<State> {
    const { session } = this.#options;
    if (op.scheme === 'context') return contextState(op.reference);
    const work = new SourceWork(vertex, this.#options);
    return lazyState(await work.run((options) => session.sourceDigest(op, options)), op.reference, () => work.run((options) => session.source(op, options)));
  }
}
