import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InternalError, OperatorError, type ApplyOptions, type Digest, type ResolvedSource, type SessionOptions, type SnapshotReference, type SourceOp, type SourceOptions, type SourceProvider } from '@strake/api';
import { digestOf, type Lease, type Store } from '@strake/oci';

/** What sources are brought with. */
export interface SourceParts {
  readonly store: Store;
  readonly options: SessionOptions;
  /** Absent where nothing will be brought. */
  readonly lease?: Lease;
  readonly signal: AbortSignal;
}

const ABSENT = 'source:';

/** Trees from outside: each is asked for once in a build, and brought into a snapshot that later builds find by what the tree is. */
export class Sources {
  private readonly parts: SourceParts;
  private readonly resolved = new Map<string, Promise<ResolvedSource>>();
  private readonly brought = new Map<Digest, Promise<SnapshotReference>>();

  constructor(parts: SourceParts) {
    this.parts = parts;
  }

  /** What a source is now. Throws what its provider throws, UNSUPPORTED where there is none. */
  async identity(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    return keyOf(op, await this.resolve(op, options));
  }

  /** A source's tree as a snapshot of the store; fetched when no build has had it yet. */
  async bring(op: SourceOp, options?: ApplyOptions): Promise<SnapshotReference> {
    const resolved = await this.resolve(op, options);
    const key = keyOf(op, resolved);
    const known = this.find(key);
    if (known !== undefined) return known;
    const running = this.brought.get(key) ?? this.fetch(key, resolved.pinned, options);
    this.brought.set(key, running);
    return running;
  }

  /** As `bring`, but fetches nothing: a reference of which `isAbsent` is true stands for a tree that is not here. */
  async known(op: SourceOp): Promise<SnapshotReference> {
    const key = await this.identity(op);
    return this.find(key) ?? { id: ABSENT + key };
  }

  isAbsent({ id }: SnapshotReference): boolean {
    return id.startsWith(ABSENT);
  }

  private resolve(op: SourceOp, options: ApplyOptions | undefined): Promise<ResolvedSource> {
    const name = JSON.stringify([op.scheme, op.reference, Object.entries(op.attributes ?? {}).sort()]);
    const known = this.resolved.get(name) ?? this.with(op, options, (provider, work) => provider.resolve(op, work));
    this.resolved.set(name, known);
    return known;
  }

  private find(key: Digest): SnapshotReference | undefined {
    const { snapshot } = this.parts.store.cacheRecords<{ readonly snapshot: string }>('sources').get(key) ?? {};
    return snapshot !== undefined && this.parts.store.snapshots.has(snapshot) ? { id: snapshot } : undefined;
  }

  private async fetch(key: Digest, pinned: SourceOp, options: ApplyOptions | undefined): Promise<SnapshotReference> {
    const { store, lease } = this.parts;
    if (lease === undefined) throw new InternalError('a session without a lease brings nothing');
    const snapshot = store.snapshots.begin(lease, null);
    try {
      await this.with(pinned, options, (provider, work) => provider.fetch(pinned, snapshot.directory, work));
      snapshot.commit();
    } catch (error) {
      snapshot.abort();
      throw error;
    }
    store.cacheRecords<{ readonly snapshot: string }>('sources').set(key, { snapshot: snapshot.id });
    return { id: snapshot.id };
  }

  private async with<T>(op: SourceOp, options: ApplyOptions | undefined, work: (provider: SourceProvider, options: SourceOptions) => Promise<T>): Promise<T> {
    const { store, lease, options: { sources, secrets, ssh }, signal } = this.parts;
    const provider = sources?.get(op.scheme);
    if (provider === undefined) throw new OperatorError('UNSUPPORTED', `there is no provider for sources of the scheme "${op.scheme}"`);
    const cacheDirectory = join(store.root, 'cache', 'providers', op.scheme);
    if (lease !== undefined && !existsSync(cacheDirectory)) mkdirSync(cacheDirectory, { recursive: true, mode: 0o700 });
    const scratch = mkdtempSync(lease === undefined ? join(tmpdir(), 'strake-source-') : join(lease.directory, 'source-'));
    try {
      return await work(provider, {
        cacheDirectory, scratch, readonly: lease === undefined,
        signal: options === undefined ? signal : AbortSignal.any([signal, options.signal]),
        progress: (label, current, total) => options?.progress(label, current, total),
        ...(secrets === undefined ? {} : { secrets }), ...(ssh === undefined ? {} : { ssh }),
      });
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
}

/** Two providers may give the same identity to different things. */
const keyOf = ({ scheme }: SourceOp, { identity }: ResolvedSource): Digest => digestOf(`${scheme}\n${identity}`);
