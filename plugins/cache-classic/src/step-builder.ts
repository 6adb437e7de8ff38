import type { CopyInput, Digest, SourceOp, StepGraph, StepImage, StepImages, StepOptions, Vertex } from '@strake/api';
import { InternalError } from '@strake/api';
import { StageBuilder } from './stage-builder';
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
    this.parts = { build, options, images, inputs: (vertex) => this.inputs(vertex), imageBehind: (digest) => this.imageBehind(digest) };
  }

  async build(): Promise<StepImage | undefined> {
    let last: StepImage | null = null;
    for (const plan of this.plans) {
      last = await new StageBuilder(plan, await this.baseOf(plan), this.parts).build();
      this.ends.set(plan.graph.index, last);
      if (plan.root !== null && last !== null) this.built.set(plan.root, last);
    }
    return last ?? undefined;
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
    const source = this.sourceOf(digest);
    if (source === undefined) return this.emptyTree(digest);
    const log = (stream: 1 | 2, data: Buffer): void => emit({ type: 'log', at: Date.now(), vertex: digest, stream, data });
    const progress = (label: string, current: number, total?: number): void => emit({ type: 'progress', at: Date.now(), vertex: digest, progress: { label, current, ...(total === undefined ? {} : { total }) } });
    return { kind: 'snapshot', snapshot: await session.source(source, { signal, log, progress }) };
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
