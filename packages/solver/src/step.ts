import type { CacheKey, CacheResult, Digest, KeyPart, SnapshotReference, Vertex } from '@strake/api';
import { DockerfileError, StrakeError } from '@strake/api';
import type { Gate } from '@strake/oci';
import { applyVertex } from './apply-vertex';
import { DeferredState } from './deferred-state';
import { digestOf } from './digest-of';
import { makeKey, opParts, parentPart } from './key';
import { readsOf, type Read } from './reads';
import { refusal } from './refusal';
import type { SolveOptions } from './solve';
import type { State } from './state';
import { snapshotOf, snapshotState } from './state';

/** What the strategy knows, and whether its snapshot is here. */
interface Found {
  readonly result: CacheResult;
  readonly here: boolean;
}

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
  /** Something found was refused: what is made now may differ from it, and so must its identity. */
  #refused = false;

  constructor(vertex: Vertex, parent: State | null, inputs: readonly State[], options: SolveOptions, gate: Gate) {
    this.#vertex = vertex;
    this.#parent = parent;
    this.#inputs = inputs;
    this.#options = options;
    this.#gate = gate;
    this.#reads = readsOf(vertex);
  }

  solve(): Promise<State> {
    return this.#placed(async () => {
      const definition = this.#definitionKey();
      const known = definition && (await this.#lookup(definition, this.#kindOf(definition)));
      if (known?.here === true) return this.#cached(known.result);
      if (known !== undefined) return this.#deferred(known.result, definition);
      const content = this.#reads.length === 0 ? definition : await this.#contentKey();
      const found = content && content !== definition ? await this.#lookup(content, 'content') : undefined;
      if (found && definition) await this.#record(definition, 'definition', found.result);
      if (found?.here === true) return this.#cached(found.result);
      if (found !== undefined) return this.#deferred(found.result, definition);
      const { identity, snapshot } = await this.#apply(definition, content);
      return snapshotState(identity, snapshot);
    });
  }

  /** What goes wrong is at the instruction, where nobody said another place. */
  async #placed<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StrakeError) error.range ??= this.#vertex.note.range;
      throw error;
    }
  }

  #deferred({ identity }: CacheResult, definition: CacheKey | undefined): State {
    return new DeferredState(identity, () => this.#placed(() => this.#make(definition, identity)));
  }

  /** Makes again what was built before; the same files may have been made in another way. */
  async #make(definition: CacheKey | undefined, identity: Digest): Promise<SnapshotReference> {
    const content = this.#reads.length === 0 ? definition : await this.#contentKey();
    const found = content && content !== definition ? await this.#lookup(content, 'content') : undefined;
    if (found?.here !== true) return (await this.#apply(definition, content, identity)).snapshot;
    this.#cached(found.result);
    return found.result.snapshot;
  }

  /** Undefined when an input is a build context: only its content says what it is. */
  #definitionKey(): CacheKey | undefined {
    const identities = this.#inputs.map((input) => input.identity);
    if (identities.includes(undefined)) return undefined;
    const inputs = identities.map((identity, index): KeyPart => ({ name: `input:${index}`, digest: identity as string }));
    return makeKey([...this.#ownParts(), ...inputs]);
  }

  #kindOf(key: CacheKey | undefined): 'definition' | 'content' {
    return key !== undefined && this.#reads.length > 0 ? 'definition' : 'content';
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

  async #lookup(key: CacheKey, by: 'definition' | 'content'): Promise<Found | undefined> {
    const skip = this.#options.skipCache?.(this.#vertex) ?? refusal(this.#vertex);
    if (skip !== undefined) return this.#refuse(skip);
    const answer = await this.#options.cache.lookup({ vertex: this.#vertex, key, by });
    if (!answer.hit) {
      this.#reason = answer.reason;
      return undefined;
    }
    const old = refusal(this.#vertex, answer, (this.#options.now ?? Date.now)());
    if (old !== undefined) return this.#refuse(old);
    const here = await this.#options.session.has(answer.snapshot);
    if (!here) this.#reason = 'its snapshot is no longer in the store';
    return { result: answer, here };
  }

  #refuse(reason: string): undefined {
    this.#reason = reason;
    this.#refused = true;
    return undefined;
  }

  #record(key: CacheKey, by: 'definition' | 'content', result: CacheResult): Promise<void> {
    return this.#options.cache.record({ vertex: this.#vertex, key, by }, result);
  }

  #cached({ identity, snapshot }: CacheResult): State {
    const { digest, note } = this.#vertex;
    this.#options.emit({ type: 'cached', at: Date.now(), vertex: digest, note });
    return snapshotState(identity, snapshot);
  }

  async #apply(definition: CacheKey | undefined, content: CacheKey | undefined, promised?: Digest): Promise<CacheResult> {
    const snapshot = await this.#run();
    const result = { snapshot, identity: promised ?? this.#identityOf(content ?? definition, snapshot), created: (this.#options.now ?? Date.now)() };
    if (content) await this.#record(content, 'content', result);
    if (definition && definition !== content) await this.#record(definition, 'definition', result);
    return result;
  }

  /**
   * A content key that cannot be known belongs to a dry run: the digest of the definition stands for it. What is made anew by wish has an
   * identity of its own, or the steps after it would be found as they were made on the old one.
   */
  #identityOf(key: CacheKey | undefined, snapshot: SnapshotReference): Digest {
    const digest = key?.digest ?? this.#vertex.digest;
    return this.#refused ? digestOf([digest, snapshot.id]) : digest;
  }

  async #run(): Promise<SnapshotReference> {
    this.#options.signal.throwIfAborted();
    // Before a place among those that run is taken: what is waited for here may need one.
    const [parent, ...inputs] = await Promise.all([this.#parent && snapshotOf(this.#parent), ...this.#inputs.map((input) => input.input())]);
    const { turns } = this.#options;
    const apply = (): Promise<SnapshotReference> => applyVertex(this.#vertex, { parent, inputs, reason: this.#reason }, this.#options);
    return this.#gate.run(() => (turns === undefined ? apply() : turns.run(apply)));
  }
}
