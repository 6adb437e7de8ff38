import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError, type ApplyOptions, type BackendSession, type CopyInput, type CopyOp, type Digest, type RestoredLayer, type Selection, type SessionOptions, type SnapshotReference, type SourceOp, type StepImages } from '@strake/api';
import { chainDigestOf, type Bases } from './bases';
import { openContextOf } from './context-of';
import type { SessionParts } from './session';
import { Sources } from './sources';
import { StoreSteps } from './steps/store-steps';

type Looking = Pick<Bases, 'find' | 'refer' | 'isStack' | 'present' | 'settled' | 'restore'>;

/** Answers a dry run's questions: without a lease, without root, on any system, and writing nothing into the store. */
export class ReadonlySession implements BackendSession {
  private readonly parts: SessionParts;
  private readonly options: SessionOptions;
  private readonly bases: Looking;
  /** Whether snapshots can be mounted to look into them. */
  private readonly mounts: boolean;
  private readonly sources: Sources;
  readonly steps: StepImages;

  constructor(parts: SessionParts, bases: Looking, mounts: boolean) {
    this.parts = parts;
    this.options = parts.options;
    this.bases = bases;
    this.mounts = mounts;
    this.sources = new Sources({ store: parts.store, options: parts.options, signal: parts.options.signal });
    this.steps = new StoreSteps({
      store: parts.store,
      refer: ({ id, platform }) => this.bases.refer({ type: 'source', scheme: 'image', reference: id, platform }),
      apply: () => this.apply(),
      layersOf: () => this.image(),
      sums: (op, input) => this.sums(op, input),
    });
  }

  async sourceDigest(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    return op.scheme === 'image' ? chainDigestOf(this.bases.find(op)) : this.sources.identity(op, options);
  }

  async source(op: SourceOp): Promise<SnapshotReference> {
    return op.scheme === 'image' ? this.bases.refer(op) : this.sources.known(op);
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection | undefined> {
    if (input.kind === 'context') return openContextOf(this.options, input.name).select(op);
    // A base image that was never unpacked, or a source that was never brought, would have to be written first.
    if (!this.mounts || this.bases.isStack(this.bases.settled(input.snapshot)) || this.sources.isAbsent(input.snapshot)) return undefined;
    return this.look({ type: 'select', op }, this.bases.settled(input.snapshot));
  }

  /** Undefined where the tree is not there to be looked into. */
  private async sums(op: CopyOp, input: CopyInput): Promise<readonly string[] | undefined> {
    if (input.kind === 'context') return openContextOf(this.options, input.name).sums(op);
    const snapshot = this.bases.present(input.snapshot);
    return snapshot === undefined || !this.mounts || this.sources.isAbsent(snapshot) ? undefined : this.look({ type: 'sums', op }, snapshot);
  }

  async has(snapshot: SnapshotReference): Promise<boolean> {
    return this.bases.isStack(snapshot) || this.parts.store.snapshots.has(snapshot.id);
  }

  async restore(layers: readonly RestoredLayer[]): Promise<SnapshotReference | undefined> {
    return this.bases.restore(layers);
  }

  apply(): never {
    throw new InternalError('a session that only answers questions cannot apply anything');
  }

  image(): never {
    throw new InternalError('a session that only answers questions cannot make an image');
  }

  async close(): Promise<void> {
    await this.parts.pool.close(workPrefix());
  }

  private look(request: { readonly type: 'select'; readonly op: CopyOp }, snapshot: SnapshotReference): Promise<Selection>;
  private look(request: { readonly type: 'sums'; readonly op: CopyOp }, snapshot: SnapshotReference): Promise<readonly string[]>;
  private async look({ type, op }: { readonly type: 'select' | 'sums'; readonly op: CopyOp }, { id }: SnapshotReference): Promise<Selection | readonly string[]> {
    const { store, pool } = this.parts;
    const work = mkdtempSync(workPrefix());
    try {
      const chain = { folder: join(store.root, 'snapshots'), ids: store.snapshots.directories(id) };
      return await pool.request({ type, chain, work: join(work, 'mount'), op }, { signal: this.options.signal });
    } finally {
      rmSync(work, { recursive: true, force: true });
    }
  }
}

/** What the names of folders for mounts begin with. */
const workPrefix = (): string => join(realpathSync(tmpdir()), 'strake-plan-');
