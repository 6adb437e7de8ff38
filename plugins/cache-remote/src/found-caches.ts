import { ABSENT_SNAPSHOT, type CacheReader, type CacheResult, type Diagnostic, type Digest, type RestoredLayer, type SnapshotReference } from '@strake/api';
import { parseCacheDocument, type CacheDocument, type CachedRecord, type Store } from '@strake/oci';
import type { RemoteSession } from './remote-session';
import { diagnosticOf } from './diagnostic-of';

/** A step that a cache knows. */
export interface FoundStep {
  readonly result: CacheResult;
  /** The place, for people. */
  readonly from: string;
}

/** What is looked up with. */
export interface FoundParts {
  readonly store: Store;
  readonly session: RemoteSession;
  readonly readers: readonly CacheReader[];
  readonly warn: (diagnostic: Pick<Diagnostic, 'code' | 'message' | 'hint'>) => void;
  /** Does a piece of work that people are told of. */
  readonly task: <T>(name: string, work: () => Promise<T>) => Promise<T>;
}

interface Candidate {
  readonly record: CachedRecord;
  readonly document: CacheDocument;
  readonly reader: CacheReader;
}

/** The caches that a build may take from: their documents are read at the start, their layers when something needs them. */
export class FoundCaches {
  readonly #parts: FoundParts;
  readonly #candidates = new Map<Digest, Candidate[]>();
  readonly #reachable = new Set<Digest>();
  readonly #withdrawals: (() => void)[] = [];
  #read: Promise<void> | undefined;

  constructor(parts: FoundParts) {
    this.#parts = parts;
  }

  /** Reads all documents, once; a place that cannot be asked is a warning. */
  read(signal: AbortSignal): Promise<void> {
    return (this.#read ??= this.#readAll(signal));
  }

  /** The first place that has the step with its tree; else the first that knows its identity. */
  async lookup(key: Digest): Promise<FoundStep | undefined> {
    const candidates = this.#candidates.get(key) ?? [];
    for (const candidate of candidates) {
      const snapshot = await this.#restore(candidate);
      if (snapshot !== undefined) return foundStep(candidate, snapshot);
    }
    const [first] = candidates;
    return first && foundStep(first, ABSENT_SNAPSHOT);
  }

  /** Whether a key is known to stand for an identity. */
  knows(key: Digest, identity: Digest): boolean {
    return (this.#candidates.get(key) ?? []).some(({ record }) => record.identity === identity);
  }

  /** Nothing more need be brought: who writes to a place that was read may take away what is in it. */
  async release(): Promise<void> {
    await Promise.allSettled(this.#parts.readers.map(async (reader) => reader.close?.()));
  }

  /** Nothing more will be brought. */
  async close(): Promise<void> {
    for (const withdraw of this.#withdrawals.splice(0)) withdraw();
    await this.release();
  }

  async #readAll(signal: AbortSignal): Promise<void> {
    const { readers, task, warn } = this.#parts;
    const all = await Promise.allSettled(readers.map((reader) => task(`importing cache manifest from ${reader.name}`, async () => (await reader.read(signal)).map((bytes) => parseCacheDocument(bytes, reader.name)))));
    for (const [at, read] of all.entries()) {
      const reader = readers[at] as CacheReader;
      if (read.status === 'fulfilled') for (const document of read.value) this.#add(document, reader);
      else if (signal.aborted) throw read.reason;
      else warn(diagnosticOf(read.reason, 'CacheNotImported', `no cache is taken from ${reader.name}`));
    }
  }

  #add(document: CacheDocument, reader: CacheReader): void {
    for (const record of document.records) {
      const known = this.#candidates.get(record.key);
      if (known === undefined) this.#candidates.set(record.key, [{ record, document, reader }]);
      else known.push({ record, document, reader });
    }
  }

  async #restore({ record: { state }, document, reader }: Candidate): Promise<SnapshotReference | undefined> {
    if (state === undefined) return undefined;
    const layers: RestoredLayer[] = [];
    for (let next = document.states[state]; next !== undefined; next = next.on === undefined ? undefined : document.states[next.on]) {
      const { diffId, blob } = document.layers[next.layer] ?? {};
      if (diffId === undefined) return undefined;
      const { created } = next;
      if (blob !== undefined) this.#reach(blob, reader);
      layers.push({ diffId, ...(blob === undefined ? {} : { descriptor: blob }), ...(created === undefined ? {} : { created }) });
    }
    return this.#parts.session.restore(layers.reverse());
  }

  /** Lets the store have a layer: from the repository, in later builds too, or from the place as long as this build runs. */
  #reach(blob: NonNullable<CacheDocument['layers'][number]['blob']>, reader: CacheReader): void {
    const { store: { remote } } = this.#parts;
    if (this.#reachable.has(blob.digest)) return;
    this.#reachable.add(blob.digest);
    if (reader.repository !== undefined) return remote.remember(blob.digest, reader.repository);
    this.#withdrawals.push(remote.offer(blob.digest, (descriptor, signal) => reader.open(descriptor, signal ?? new AbortController().signal)));
  }
}

/** What says no time is older than anything. */
function foundStep({ record: { identity, created }, reader }: Candidate, snapshot: SnapshotReference): FoundStep {
  return { result: { snapshot, identity, created: created === undefined ? 0 : Date.parse(created) }, from: reader.name };
}
