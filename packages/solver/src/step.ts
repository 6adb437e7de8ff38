import type { CacheKey, CacheMiss, CacheQuery, CacheResult, Digest, KeyPart, SnapshotReference, StepMiss, Vertex } from '@strake/api';
import { DockerfileError, StrakeError } from '@strake/api';
import type { Applications } from './applications';
import { applyVertex } from './apply-vertex';
import { DeferredState } from './deferred-state';
import { digestOf } from './digest-of';
import { FoundState } from './found-state';
import { makeKey, opParts, parentPart, shownAs } from './key';
import { readsOf, type Read } from './reads';
import { refusal } from './refusal';
import type { SolveOptions } from './solve';
import type { State } from './state';
import { snapshotState, snapshotTreeOf, treeOf } from './state';
import { changedStep, stepMiss } from './step-miss';

/** What the strategy knows, and whether its snapshot is here. */
interface Found {
  readonly result: CacheResult;
  readonly here: boolean;
  /** Where it was found, outside the store. */
  readonly from?: string;
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
  readonly #applications: Applications;
  readonly #reads: readonly Read[];
  #miss: CacheMiss = { reason: 'never built' };
  /** In a dry run: only building could tell what it takes. */
  #unknown = false;

  constructor(vertex: Vertex, parent: State | null, inputs: readonly State[], options: SolveOptions, applications: Applications) {
    this.#vertex = vertex;
    this.#parent = parent;
    this.#inputs = inputs;
    this.#options = options;
    this.#applications = applications;
    this.#reads = readsOf(vertex);
  }

  solve(): Promise<State> {
    return this.#placed(async () => {
      const definition = this.#definitionKey();
      const known = definition && (await this.#lookup(definition, this.#kindOf(definition)));
      if (known?.here === true) return this.#cached(known.result, known.from);
      if (known !== undefined) return this.#deferred(known, definition);
      const content = this.#reads.length === 0 ? definition : await this.#contentKey();
      const found = content && content !== definition ? await this.#lookup(content, 'content') : undefined;
      if (found && definition) await this.#record(definition, 'definition', found.result);
      if (found?.here === true) return this.#cached(found.result, found.from);
      if (found !== undefined) return this.#deferred(found, definition);
      // Nothing is waited for between asking and beginning: two alike would both begin.
      // One that is refused is made anew whatever others make, so that it can be foretold.
      const twin = this.#miss.refused === true ? undefined : this.#applications.alike(content?.digest);
      if (twin === undefined) return this.#made(await this.#applications.as(content?.digest, () => this.#apply(definition, content)));
      const result = await twin;
      if (definition) await this.#record(definition, 'definition', result);
      return this.#cached(result);
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

  #deferred({ result: { identity }, from }: Found, definition: CacheKey | undefined): State {
    return new DeferredState({ identity, ...(from === undefined ? {} : { from }), miss: this.#miss, on: this.#on, make: () => this.#placed(() => this.#make(definition, identity)) });
  }

  /** Makes again what was built before; the same files may have been made in another way. */
  async #make(definition: CacheKey | undefined, identity: Digest): Promise<SnapshotReference> {
    const content = this.#reads.length === 0 ? definition : await this.#contentKey();
    const found = content && content !== definition ? await this.#lookup(content, 'content') : undefined;
    if (found?.here !== true) return (await this.#apply(definition, content, identity)).snapshot;
    this.#cached(found.result, found.from);
    return found.result.snapshot;
  }

  /** Undefined when an input is a build context: only its content says what it is. */
  #definitionKey(): CacheKey | undefined {
    const identities = this.#inputs.map((input) => input.identity);
    if (identities.includes(undefined)) return undefined;
    const inputs = identities.map((identity, index): KeyPart => ({ name: `input:${index}`, digest: identity as string, ...shownAs(this.#inputs[index]?.name) }));
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
      const selection = this.#mayNeed(input) ? undefined : await this.#options.session.select(op, await treeOf(input));
      if (!selection) {
        this.#unknown = true;
        return undefined;
      }
      // A path with characters of a pattern is looked for as one, which may have no match.
      if (path !== undefined && selection.files.length === 0) throw new DockerfileError('SOURCE_MISSING', `${path}: not found`);
      parts.push({ name, digest: selection.digest, members: () => selection.files.map(({ path, digest }) => [path, digest]) });
    }
    return makeKey([...this.#ownParts(), ...parts]);
  }

  /** In a dry run: whether a tree that is not here is needed for what may itself be found, and so perhaps not at all. */
  #mayNeed(input: State): boolean {
    return input.mayBeNeeded !== undefined && this.#on.some(({ uncertain }) => uncertain);
  }

  #ownParts(): readonly KeyPart[] {
    return [parentPart(this.#parent), ...opParts(this.#vertex)];
  }

  async #lookup(key: CacheKey, by: 'definition' | 'content'): Promise<Found | undefined> {
    const skip = this.#options.skipCache?.(this.#vertex) ?? refusal(this.#vertex);
    if (skip !== undefined) return this.#missed({ reason: skip, refused: true });
    const answer = await this.#options.cache.lookup(this.#query(key, by));
    if (!answer.hit) return this.#missed(answer);
    const old = refusal(this.#vertex, answer, (this.#options.now ?? Date.now)());
    if (old !== undefined) return this.#missed({ reason: old, refused: true });
    const here = await this.#options.session.has(answer.snapshot);
    if (!here) this.#miss = { reason: 'its snapshot is no longer in the store' };
    return { result: answer, here, ...(answer.from === undefined ? {} : { from: answer.from }) };
  }

  /** That something was refused stays true, whatever else is not known. */
  #missed(miss: CacheMiss): undefined {
    if (this.#miss.refused !== true || miss.refused === true) this.#miss = miss;
    return undefined;
  }

  #record(key: CacheKey, by: 'definition' | 'content', result: CacheResult): Promise<void> {
    return this.#options.cache.record(this.#query(key, by), result);
  }

  #query(key: CacheKey, by: CacheQuery['by']): CacheQuery {
    const { build } = this.#options;
    return { vertex: this.#vertex, key, by, ...(build === undefined ? {} : { build }) };
  }

  #cached({ identity, snapshot }: CacheResult, from?: string): State {
    const { digest, note } = this.#vertex;
    this.#options.emit({ type: 'cached', at: Date.now(), vertex: digest, note, ...(from === undefined ? {} : { from }) });
    const { session } = this.#options;
    if (session.bring === undefined) return snapshotState(identity, snapshot);
    const bring = session.bring.bind(session);
    const progress = (label: string, current: number, total?: number): void => this.#options.emit({ type: 'progress', at: Date.now(), vertex: digest, progress: { label, current, ...(total === undefined ? {} : { total }) } });
    return new FoundState({ identity, snapshot, bring: () => bring(snapshot, { progress }), again: (error) => this.#placed(() => this.#again(error, identity)) });
  }

  /** What was found cannot be had. */
  async #again(error: unknown, identity: Digest): Promise<SnapshotReference> {
    if (!(error instanceof StrakeError) || this.#options.signal.aborted) throw error;
    const { note: { name, range } } = this.#vertex;
    const message = `${name} is made again: what a cache has of it cannot be had: ${error.message}`;
    this.#options.emit({ type: 'warning', at: Date.now(), diagnostic: { code: 'CacheLayersLost', severity: 'warning', message, ...(range === undefined ? {} : { range }) } });
    this.#miss = { reason: 'its layers cannot be had' };
    return this.#make(this.#definitionKey(), identity);
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
    return this.#isAnew ? digestOf([digest, snapshot.id]) : digest;
  }

  /** Copies of the same files on the same state are the same state; a program is run for what may be another one now. */
  get #isAnew(): boolean {
    return this.#miss.refused === true && this.#vertex.ops.some(({ type }) => type === 'exec');
  }

  /** What it stands on and takes from. */
  get #on(): readonly State[] {
    return this.#parent === null ? this.#inputs : [this.#parent, ...this.#inputs];
  }

  get #isUncertain(): boolean {
    return this.#unknown || this.#on.some(({ uncertain }) => uncertain);
  }

  #made({ identity, snapshot }: CacheResult): State {
    const { digest, note } = this.#vertex;
    const changed = changedStep(this.#why(), this.#on, { digest, note });
    return snapshotState(identity, snapshot, { changed, ...(this.#isUncertain && !this.#isAnew ? { uncertain: true } : {}) });
  }

  /** One that is refused is made whatever the others come to. */
  #why(): StepMiss {
    return stepMiss(this.#miss, this.#on, this.#isUncertain && this.#miss.refused !== true);
  }

  async #run(): Promise<SnapshotReference> {
    this.#options.signal.throwIfAborted();
    const miss = this.#why();
    if (miss.uncertain === true) return this.#imagine(miss);
    // Before a place among those that run is taken: what is waited for here may need one.
    const [parent, ...inputs] = await Promise.all([this.#parent && snapshotTreeOf(this.#parent), ...this.#inputs.map(treeOf)]);
    const { turns } = this.#options;
    const apply = (): Promise<SnapshotReference> => applyVertex(this.#vertex, { parent, inputs, miss }, this.#options);
    return this.#applications.run(() => (turns === undefined ? apply() : turns.run(apply)));
  }

  /** A dry run of what may not be made asks for no trees: they are needed no more certainly than it is. */
  #imagine(miss: StepMiss): Promise<SnapshotReference> {
    for (const state of this.#on) state.mayBeNeeded?.();
    return applyVertex(this.#vertex, { parent: null, inputs: [], miss }, this.#options);
  }
}
