import type { CopyInput, Digest, SourceOp, StepGraph, StepImage, StepImages, StepOptions, Vertex } from '@strake/api';
import { InternalError } from '@strake/api';
import { followed } from './followed';
import { StageBuilder } from './stage-builder';
import { StageForecast, type Foreseen } from './stage-forecast';
import type { StageParts } from './stage-parts';
import { planStages, type StagePlan } from './stage-plan';

/** Builds the stages of a graph one after the other, as the classic builder does. */
export class StepBuilder {
  private readonly parts: StageParts;
  private readonly plans: readonly StagePlan[];
  private readonly vertices: ReadonlyMap<Digest, Vertex>;
  /** By the state after a stage. */
  private readonly built = new Map<Digest, StepImage>();
  private readonly ends = new Map<number, StepImage | null>();
  private readonly sources = new Map<Digest, Promise<CopyInput>>();

  constructor(build: StepGraph, options: StepOptions, images: StepImages) {
    this.plans = planStages(build);
    this.vertices = new Map(build.graph.vertices.map((vertex) => [vertex.digest, vertex]));
    this.parts = {
      build, options, images,
      inputs: (vertex) => this.inputs(vertex),
      imageBehind: (digest) => this.imageBehind(digest),
      isDownload: (digest) => /^https?$/.test(this.sourceOf(digest)?.scheme ?? ''),
      isContext: (digest) => this.sourceOf(digest)?.scheme === 'context',
      isMade: (digest) => !this.built.has(digest) && this.sourceOf(digest) === undefined,
    };
  }

  async build(): Promise<StepImage | undefined> {
    await this.tellOfAbsent();
    let last: StepImage | null = null;
    for (const plan of this.plans) {
      last = await new StageBuilder(plan, await this.baseOf(plan), this.parts).build();
      this.ends.set(plan.graph.index, last);
      if (plan.root !== null && last !== null) this.built.set(plan.root, last);
    }
    return last ?? undefined;
  }

  /** Tells what a build would find. */
  async plan(): Promise<void> {
    await this.tellOfAbsent();
    const foreseen = new Map<number, Foreseen>();
    for (const plan of this.plans) {
      const { facts: { parent }, graph, root } = plan;
      const last = await new StageForecast(plan, this.parts).tell(parent === undefined ? await this.baseOf(plan) : foreseen.get(parent));
      foreseen.set(graph.index, last);
      if (root !== null && last) this.built.set(root, last);
    }
  }

  /** As the engine does, an image that is not here leads to fewer hits; but somebody should know. */
  private async tellOfAbsent(): Promise<void> {
    const { build: { cacheFrom }, images, options: { emit } } = this.parts;
    for (const reference of cacheFrom) {
      if ((await images.find(reference)) !== undefined) continue;
      emit({ type: 'warning', at: Date.now(), diagnostic: { severity: 'warning', code: 'CacheNotImported', message: `no cache is taken from ${reference}: the image is not here`, hint: 'the classic cache pulls nothing: pull or load it before' } });
    }
  }

  private async baseOf({ facts, graph }: StagePlan): Promise<StepImage | null> {
    if (facts.parent !== undefined) return this.ends.get(facts.parent) ?? null;
    if (graph.image === undefined) return null;
    const image = await this.parts.images.find(graph.image);
    if (image === undefined) throw new InternalError(`the base image ${graph.image} is not here any more`);
    return image;
  }

  private async inputs({ inputs }: Vertex): Promise<readonly CopyInput[]> {
    return Promise.all(inputs.map((digest) => this.input(digest)));
  }

  private async input(digest: Digest): Promise<CopyInput> {
    const stage = this.built.get(digest);
    if (stage !== undefined) return { kind: 'snapshot', snapshot: this.parts.images.tree(stage) };
    const source = this.sourceOf(digest);
    if (source?.scheme === 'context') return { kind: 'context', name: source.reference };
    const known = this.sources.get(digest) ?? this.bring(digest);
    this.sources.set(digest, known);
    return known;
  }

  private async bring(digest: Digest): Promise<CopyInput> {
    const { session, signal, emit } = this.parts.options;
    const [source, vertex] = [this.sourceOf(digest), this.vertices.get(digest)];
    if (source === undefined || vertex === undefined) return this.emptyTree(digest);
    return { kind: 'snapshot', snapshot: await followed(vertex, undefined, { signal, emit }, (options) => session.source(source, options)) };
  }

  /** What is neither a stage's end nor a source: an empty stage, which is a vertex of no layer. */
  private async emptyTree(digest: Digest): Promise<CopyInput> {
    const vertex = this.vertices.get(digest);
    if (vertex === undefined) throw new InternalError(`the graph has no vertex ${digest}`);
    const { session, signal } = this.parts.options;
    return { kind: 'snapshot', snapshot: await session.apply(vertex, null, [], { signal, log: () => undefined, progress: () => undefined }) };
  }

  private async imageBehind(digest: Digest): Promise<StepImage | undefined> {
    const stage = this.built.get(digest);
    if (stage !== undefined) return stage;
    const source = this.sourceOf(digest);
    return source?.scheme === 'image' ? this.parts.images.find(source.reference) : undefined;
  }

  private sourceOf(digest: Digest): SourceOp | undefined {
    const [op] = this.vertices.get(digest)?.ops ?? [];
    return op?.type === 'source' ? op : undefined;
  }
}
