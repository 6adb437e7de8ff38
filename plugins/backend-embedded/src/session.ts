import { mkdirSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { InternalError, type ApplyOptions, type ArchiveOptions, type BackendSession, type CopyInput, type CopyOp, type Digest, type FailedProgram, type GraphResult, type Image, type MergeOp, type Op, type RestoredLayer, type Selection, type SessionOptions, type SnapshotReference, type SourceOp, type Squash, type StateLayer, type StepImages, type Vertex } from '@strake/api';
import { hostPlatform, type Lease, type Store } from '@strake/oci';
import { mountRead } from '@strake/solver';
import { Bases, chainDigestOf } from './bases';
import { openContextOf } from './context-of';
import type { Asking } from './failed/asking';
import { failedState } from './failed/failed-state';
import { writeFailed } from './failed/write-failed';
import { writeImage, writeSquashed } from './image/write-image';
import { Layers } from './layers';
import type { ExecParts } from './mounts/exec-parts';
import { prepareExec } from './mounts/prepare-exec';
import { runtimeFolders } from './runtime-folders';
import { Sources } from './sources';
import { Squashes } from './squashes';
import { StoreSteps } from './steps/store-steps';
import type { SnapshotChain } from './worker/mount-snapshot';
import type { RequestOptions, WorkerPool } from './worker/pool';
import { ChunkQueue } from './worker/chunk-queue';
import type { ApplyRequest, ArchiveRequest, MountSource, WorkerInput, WorkerOp } from './worker/protocol';

/** What a session works with. */
export interface SessionParts {
  readonly store: Store;
  readonly pool: WorkerPool;
  readonly options: SessionOptions;
  /** Where devices are described. */
  readonly deviceFolders: readonly string[];
}

/** An op as a thread gets it, and what is held for it. */
interface PreparedOp {
  readonly op: WorkerOp;
  readonly release: () => void;
}

/** The vertex whose program failed. */
interface Failed {
  readonly vertex: Vertex;
  readonly below: string | null;
  readonly options: ApplyOptions;
}

/** One build. Nothing is mounted, unpacked or started before an op needs it. */
export class EmbeddedSession implements BackendSession {
  readonly steps: StepImages;
  private readonly parts: SessionParts;
  private readonly lease: Lease;
  /** Everything that is mounted for it lies below its lease's folder. */
  private readonly mountPrefix: string;
  private readonly bases: Bases;
  private readonly sources: Sources;
  private readonly packed: Layers;
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private readonly running = new Set<Promise<unknown>>();
  /** Files of contexts that change later than this are looked at twice. */
  private readonly since = Date.now();
  /** Snapshots that are there; the lease keeps them. */
  private readonly present = new Set<string>();
  private readonly warned = new Set<string>();
  private number = 0;

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.lease = parts.store.lease();
    this.mountPrefix = `${realpathSync(this.lease.directory)}/`;
    this.signal = AbortSignal.any([parts.options.signal, this.ending.signal]);
    this.bases = new Bases({ ...parts, lease: this.lease, signal: this.signal });
    this.sources = new Sources({ store: parts.store, options: parts.options, lease: this.lease, signal: this.signal });
    this.packed = new Layers({ ...parts, bases: this.bases });
    this.steps = new StoreSteps({
      store: parts.store,
      refer: ({ id, platform }) => this.bases.refer({ type: 'source', scheme: 'image', reference: id, platform }),
      apply: (vertex, parent, inputs, options) => this.apply(vertex, parent, inputs, options),
      layersOf: (root) => this.packed.of(root),
      sums: (op, input) => this.sums(op, input),
    });
  }

  async sourceDigest(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    return op.scheme === 'image' ? chainDigestOf(this.bases.find(op)) : this.sources.identity(op, options);
  }

  async source(op: SourceOp, options?: ApplyOptions): Promise<SnapshotReference> {
    return op.scheme === 'image' ? this.bases.refer(op) : this.follow(this.sources.bring(op, options));
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection> {
    if (input.kind === 'context') return openContextOf(this.parts.options, input.name).select(op);
    const chain = await this.chain(input.snapshot);
    return this.parts.pool.request({ type: 'select', chain, work: this.scratch(), op }, { signal: this.signal });
  }

  private async sums(op: CopyOp, input: CopyInput): Promise<readonly string[]> {
    if (input.kind === 'context') return openContextOf(this.parts.options, input.name).sums(op);
    const chain = await this.chain(input.snapshot);
    return this.parts.pool.request({ type: 'sums', chain, work: this.scratch(), op }, { signal: this.signal });
  }

  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    return this.follow(this.applyVertex(vertex, parent, inputs, options));
  }

  /** What has begun is waited for at the end. */
  private follow<T>(work: Promise<T>): Promise<T> {
    const settled = work.catch(() => undefined).finally(() => this.running.delete(settled));
    this.running.add(settled);
    return work;
  }

  async has(snapshot: SnapshotReference): Promise<boolean> {
    return this.bases.isStack(snapshot) || this.parts.store.snapshots.has(snapshot.id, this.present);
  }

  async restore(layers: readonly RestoredLayer[]): Promise<SnapshotReference | undefined> {
    return this.bases.restore(layers);
  }

  async bring(snapshot: SnapshotReference, { progress }: Pick<ApplyOptions, 'progress'>): Promise<void> {
    await this.follow(this.bases.unpacked(snapshot, (current, total) => progress('pulling layers', current, total)));
  }

  async layers(snapshot: SnapshotReference): Promise<readonly StateLayer[]> {
    const dated = await this.packed.of(snapshot);
    return dated.map(({ layer, created }) => ({ ...layer, ...(created === undefined ? {} : { created }) }));
  }

  async image(result: GraphResult, root: SnapshotReference | null): Promise<Image> {
    const { store } = this.parts;
    const layers = root === null ? [] : await this.packed.of(root, result.clamp);
    const { squash } = result;
    if (root === null || squash === undefined) return writeImage(store, result, layers);
    const squashed = await this.follow(this.unpackedRoot(root, squash).then((whole) => this.squashes().of(whole, squash, this.scratch())));
    return squashed === undefined ? writeImage(store, result, layers) : writeSquashed(store, result, layers, await this.packed.of(squashed, result.clamp));
  }

  async *archive(root: SnapshotReference | null, options: ArchiveOptions): AsyncGenerator<Buffer, void, undefined> {
    const chain = root === null ? this.chainOf(null) : await this.chain(root);
    const stop = new AbortController();
    const chunks = new ChunkQueue();
    const request: ArchiveRequest = { type: 'archive', chain, work: this.scratch(), options };
    const done = this.parts.pool.request(request, { signal: AbortSignal.any([this.signal, stop.signal]), chunk: (bytes) => chunks.give(bytes) })
      .then(() => chunks.end(), (error: unknown) => chunks.end({ error }));
    try {
      yield* chunks;
    } finally {
      stop.abort();
      await done;
    }
  }

  async close(): Promise<void> {
    this.ending.abort();
    // After a cancellation nobody needs the layers; otherwise what is being packed is remembered for the next build.
    if (!this.parts.options.signal.aborted) await this.packed.settle();
    await Promise.all(this.running);
    await this.parts.pool.close(this.mountPrefix);
    this.lease.release();
  }

  private async applyVertex(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { store, pool } = this.parts;
    const below = parent === null ? null : await this.unpacked(parent, options);
    const [merge] = vertex.ops;
    if (merge?.type === 'merge' && vertex.ops.length === 1) return merge.squash === true ? this.squash(merge, below, inputs, options) : this.merge(merge, below, inputs, options);
    const chain = this.chainOf(below);
    const prepared = await this.prepareAll(vertex, inputs, options);
    const ops = prepared.map(({ op }) => op);
    const snapshot = store.snapshots.begin(this.lease, below);
    const work = this.scratch();
    mkdirSync(work);
    try {
      const signal = AbortSignal.any([options.signal, this.signal]);
      const { extraHosts, limits } = this.parts.options;
      const stops = options.failed === undefined ? {} : { stops: true };
      const request: ApplyRequest = { type: 'apply', chain, upper: snapshot.directory, work, ops, extraHosts, limits, runtime: runtimeFolders(store, this.lease.directory), ...stops };
      await pool.request(request, { signal, ...this.following(options), stopped: (program, asking) => this.stopped(program, asking, { vertex, below, options }) });
      snapshot.commit();
    } catch (error) {
      snapshot.abort();
      throw error;
    } finally {
      for (const { release } of prepared) release();
      rmSync(work, { recursive: true, force: true });
    }
    this.packed.pack(snapshot.id, this.parts.options.epoch);
    return { id: snapshot.id };
  }

  /** Shows what a failed program left, without the variables that are in no key: they may hold what no image should. */
  private async stopped(program: FailedProgram, asking: Asking, { vertex, below, options }: Failed): Promise<void> {
    const exec = vertex.ops.find((op) => op.type === 'exec');
    await options.failed?.(failedState({
      program: { ...program, env: exec?.env ?? [] },
      asking,
      newFile: () => this.scratch(),
      image: async (file, layer, config) => {
        const layers = below === null ? [] : await this.packed.of({ id: below });
        return writeFailed(this.parts.store, { file, layer, layers, config, platform: exec?.platform ?? hostPlatform() });
      },
    }));
  }

  /** Puts the layers of trees on top of each other, each on another parent: nothing is written but that. */
  private async merge({ inputs: numbers }: MergeOp, below: string | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { snapshots } = this.parts.store;
    let top = below;
    for (const number of numbers) {
      const input = inputs[number];
      if (input?.kind !== 'snapshot') throw new InternalError(`a merge has no snapshot ${number}`);
      const id = await this.unpacked(input.snapshot, options);
      for (const layer of id === null ? [] : snapshots.chain(id).slice().reverse()) top = snapshots.place(this.lease, layer, top);
    }
    if (top === null) throw new InternalError('a merge has nothing to merge');
    return { id: top };
  }

  /** Makes one snapshot of all that a state has on top of `below`. */
  private async squash({ inputs: [number = 0] }: MergeOp, below: string | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { snapshots } = this.parts.store;
    const input = inputs[number];
    if (input?.kind !== 'snapshot') throw new InternalError('a squash has no snapshot');
    const state = await this.unpacked(input.snapshot, options);
    const ids = state === null ? [] : snapshots.chain(state);
    // Equal states may be there as several snapshots, so that `below` itself need not be among those of the chain; how high it stands is the same.
    const count = ids.length - (below === null ? 0 : snapshots.chain(below).length);
    const id = await this.squashes(options.signal).merge(ids.slice(0, count), below, this.scratch(), ids[count] ?? null);
    this.packed.pack(id, this.parts.options.epoch);
    return { id };
  }

  /** What a cache told of is unpacked to be squashed. */
  private async unpackedRoot(root: SnapshotReference, { baseLayers }: Squash): Promise<SnapshotReference> {
    const above = (this.bases.layersOf(root)?.length ?? 0) > baseLayers.length;
    return above ? { id: (await this.unpacked(root)) ?? root.id } : root;
  }

  private squashes(signal = this.signal): Squashes {
    const { store, pool } = this.parts;
    return new Squashes({ store, pool, lease: this.lease, signal: AbortSignal.any([signal, this.signal]) });
  }

  /** Two threads may have the same warning: it is shown once. */
  private following(options: ApplyOptions): RequestOptions {
    return {
      log: (stream, data) => options.log(stream, data),
      progress: (current, total) => options.progress('copying files', current, total),
      warn: (warning) => {
        if (typeof warning !== 'string') {
          options.warn?.(warning);
          return;
        }
        if (this.warned.has(warning)) return;
        this.warned.add(warning);
        options.log(2, Buffer.from(`[strake] warning: ${warning}\n`));
      },
    };
  }

  /** The ops with all that they need; what is held for them is released when one cannot have it. */
  private async prepareAll(vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<readonly PreparedOp[]> {
    const prepared: PreparedOp[] = [];
    try {
      for (const op of vertex.ops) prepared.push(await this.prepare(op, vertex, inputs, options));
    } catch (error) {
      for (const { release } of prepared) release();
      throw error;
    }
    return prepared;
  }

  private async prepare(op: Op, vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<PreparedOp> {
    if (op.type === 'source' || op.type === 'merge') throw new InternalError(`the op ${op.type} cannot be applied by this backend`);
    if (op.type === 'exec') return prepareExec({ ...op, env: withVariables(op.env, vertex.unkeyedEnv ?? []) }, this.execParts(inputs, options));
    if (op.type !== 'copy') return { op, release: () => undefined };
    const input = inputs[op.input];
    if (input === undefined) throw new InternalError(`a copy has no input ${op.input}`);
    return { op: { ...op, from: await this.workerInput(op, input) }, release: () => undefined };
  }

  private execParts(inputs: readonly CopyInput[], options: ApplyOptions): ExecParts {
    const { store, deviceFolders, options: { secrets, ssh } } = this.parts;
    const signal = AbortSignal.any([options.signal, this.signal]);
    return { store, secrets, ssh, inputs, options, signal, deviceFolders, source: (input, path) => this.mountSource(input, path) };
  }

  private async mountSource(input: CopyInput, path: string): Promise<MountSource> {
    const [read] = mountRead({ type: 'bind', target: '/', input: 0, source: path, readonly: true });
    if (read === undefined) throw new InternalError('a bind mount reads');
    const from = await this.workerInput(read.op, input);
    if (from.kind === 'chain') return { from, source: path, shared: '' };
    const { digest } = await openContextOf(this.parts.options, input.kind === 'context' ? input.name : '').select(read.op);
    return { from, source: path, shared: join(this.lease.directory, 'shown', digest.replace(':', '-')) };
  }

  private async workerInput(op: CopyOp, input: CopyInput): Promise<WorkerInput> {
    if (input.kind === 'snapshot') return { kind: 'chain', chain: await this.chain(input.snapshot) };
    const context = openContextOf(this.parts.options, input.name);
    return { kind: 'directory', directory: context.directory, taken: await context.take(op), since: this.since };
  }

  private async chain(snapshot: SnapshotReference, options?: ApplyOptions): Promise<SnapshotChain> {
    return this.chainOf(await this.unpacked(snapshot, options));
  }

  private unpacked(snapshot: SnapshotReference, options?: ApplyOptions): Promise<string | null> {
    return this.bases.unpacked(snapshot, (current, total) => options?.progress('pulling layers', current, total));
  }

  private chainOf(id: string | null): SnapshotChain {
    const { store } = this.parts;
    return { folder: join(store.root, 'snapshots'), ids: id === null ? [] : store.snapshots.directories(id) };
  }

  private scratch(): string {
    return join(this.lease.directory, `work${++this.number}`);
  }
}

/** The environment with more variables, which win. */
function withVariables(env: readonly string[], added: readonly string[]): readonly string[] {
  const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));
  const names = new Set(added.map(nameOf));
  return [...env.filter((entry) => !names.has(nameOf(entry))), ...added];
}
