import type { BackendSession, CacheKey, CacheResult, KeyPart, SnapshotReference, Vertex } from '@strake/api';
import { DockerfileError, StrakeError } from '@strake/api';
import type { Gate } from '@strake/oci';
import { makeKey, opParts, parentPart } from './key';
import { readsOf, type Read } from './reads';
import type { SolveOptions } from './solve';
import type { State } from './state';
import { snapshotOf, snapshotState } from './state';

/**
 * One vertex on its way to a state. It is looked up twice: by definitions alone, which needs no tree at all, and,
 * when it copies or mounts, by the content of what it takes, so that a rebuilt input with the same files still hits.
 */
export class Step {
  readonly #vertex: Vertex;
  readonly #parent: State | null;
  readonly #inputs: readonly State[];
  readonly #options: SolveOptions;
  readonly #gate: Gate;
  readonly #reads: readonly Read[];
  #reason = 'never built';

  constructor(vertex: Vertex, parent: State | null, inputs: readonly State[], options: SolveOptions, gate: Gate) {
    this.#vertex = vertex;
    this.#parent = parent;
    this.#inputs = inputs;
    this.#options = options;
    this.#gate = gate;
    this.#reads = readsOf(vertex);
  }

  async solve(): Promise<State> {
    try {
      const { snapshot, identity } = await this.#find();
      return snapshotState(identity, snapshot);
    } catch (error) {
      if (error instanceof StrakeError) error.range ??= this.#vertex.note.range;
      throw error;
    }
  }

  async #find(): Promise<CacheResult> {
    const definition = this.#definitionKey();
    const quick = definition && (await this.#lookup(definition));
    if (quick) return this.#cached(quick);

    const content = this.#reads.length === 0 ? definition : await this.#contentKey();
    const found = content && content !== definition ? await this.#lookup(content) : undefined;
    if (found && definition) await this.#options.cache.record({ vertex: this.#vertex, key: definition }, found);
    if (found) return this.#cached(found);
    return this.#apply(definition, content);
  }

  /** Undefined when an input is a build context: only its content says what it is. */
  #definitionKey(): CacheKey | undefined {
    const identities = this.#inputs.map((input) => input.identity);
    if (identities.includes(undefined)) return undefined;
    const inputs = identities.map((identity, index): KeyPart => ({ name: `input:${index}`, digest: identity as string }));
    return makeKey([...this.#ownParts(), ...inputs]);
  }

  /** Undefined when what a copy takes or a mount shows cannot be known without building it: in the dry run. */
  async #contentKey(): Promise<CacheKey | undefined> {
    const parts: KeyPart[] = [];
    for (const { name, op, path } of this.#reads) {
      const input = this.#inputs[op.input];
      if (!input) throw new TypeError(`op reads input ${op.input}, which its vertex does not have`);
      const selection = await this.#options.session.select(op, await input.input());
      if (!selection) {
        this.#reason = 'depends on what an earlier step makes';
        return undefined;
      }
      // A path with characters of a pattern is looked for as one, which may have no match.
      if (path !== undefined && selection.files.length === 0) throw new DockerfileError('SOURCE_MISSING', `${path}: not found`);
      parts.push({ name, digest: selection.digest, members: () => selection.files.map(({ path, digest }) => [path, digest]) });
    }
    return makeKey([...this.#ownParts(), ...parts]);
  }

  #ownParts(): readonly KeyPart[] {
    return [parentPart(this.#parent?.identity ?? null), ...opParts(this.#vertex)];
  }

  async #lookup(key: CacheKey): Promise<CacheResult | undefined> {
    const skip = this.#options.skipCache?.(this.#vertex);
    if (skip !== undefined) {
      this.#reason = skip;
      return undefined;
    }
    const answer = await this.#options.cache.lookup({ vertex: this.#vertex, key });
    if (!answer.hit) this.#reason = answer.reason;
    else if (await this.#options.session.has(answer.snapshot)) return answer;
    else this.#reason = 'its snapshot is no longer in the store';
    return undefined;
  }

  #cached(result: CacheResult): CacheResult {
    const { digest, note } = this.#vertex;
    this.#options.emit({ type: 'cached', at: Date.now(), vertex: digest, note });
    return result;
  }

  async #apply(definition: CacheKey | undefined, content: CacheKey | undefined): Promise<CacheResult> {
    const snapshot = await this.#gate.run(() => this.#run());
    // A content key that cannot be known belongs to a dry run: the digest of the definition stands for it.
    const identity = (content ?? definition)?.digest ?? this.#vertex.digest;
    const result = { snapshot, identity };
    for (const key of new Set([content, definition])) {
      if (key) await this.#options.cache.record({ vertex: this.#vertex, key }, result);
    }
    return result;
  }

  async #run(): Promise<SnapshotReference> {
    const { emit, session, signal } = this.#options;
    const { digest: vertex, note } = this.#vertex;
    signal.throwIfAborted();
    const parent = this.#parent && (await snapshotOf(this.#parent));
    const inputs = await Promise.all(this.#inputs.map((input) => input.input()));
    emit({ type: 'missed', at: Date.now(), vertex, note, reason: this.#reason });
    emit({ type: 'started', at: Date.now(), vertex, note });
    const begun = performance.now();
    const done = (error?: unknown): void => {
      const milliseconds = performance.now() - begun;
      emit({ type: 'done', at: Date.now(), vertex, note, milliseconds, ...(error === undefined ? {} : { error: messageOf(error) }) });
    };
    try {
      const snapshot = await session.apply(this.#vertex, parent, inputs, this.#applyOptions());
      done();
      return snapshot;
    } catch (error) {
      done(error);
      throw error;
    }
  }

  #applyOptions(): Parameters<BackendSession['apply']>[3] {
    const { emit, signal } = this.#options;
    const { digest: vertex, note } = this.#vertex;
    return {
      signal,
      warn: (warning) => emit({ type: 'warning', at: Date.now(), diagnostic: { ...warning, severity: 'warning', ...(note.range === undefined ? {} : { range: note.range }) } }),
      log: (stream, data) => emit({ type: 'log', at: Date.now(), vertex, stream, data }),
      progress: (label, current, total) =>
        emit({ type: 'progress', at: Date.now(), vertex, progress: { label, current, ...(total === undefined ? {} : { total }) } }),
    };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
