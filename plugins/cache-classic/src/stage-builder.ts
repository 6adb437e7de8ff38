import type { CopyInput, StepImage } from '@strake/api';
import { CancelledError, DockerfileError, InternalError, StrakeError, type SourceRange } from '@strake/api';
import { buildWholeStage } from './build-whole-stage';
import { classicVertex } from './classic-vertex';
import { copySum } from './copy-sum';
import { followed } from './followed';
import { ImageCache, type ProbeConfigs } from './image-cache';
import { Prober } from './prober';
import { probeConfigs } from './probe-configs';
import type { PlannedStep, StagePlan } from './stage-plan';
import { copiesOf, type StageParts } from './stage-parts';

/** One stage, instruction by instruction. */
export class StageBuilder {
  private readonly plan: StagePlan;
  private readonly parts: StageParts;
  private readonly base: StepImage | null;
  private readonly prober: Prober;
  private readonly skip: string | undefined;

  constructor(plan: StagePlan, base: StepImage | null, parts: StageParts) {
    this.plan = plan;
    this.base = base;
    this.parts = parts;
    const { build, images, options } = parts;
    this.skip = options.skipCache({ note: { name: '', stage: plan.facts.name ?? String(plan.graph.index) } });
    this.prober = new Prober(new ImageCache(images, build.cacheFrom), plan.steps[0]?.facts?.view.platform ?? build.facts.platform, this.skip !== undefined);
  }

  /** The image of its last instruction; null for nothing at all. */
  async build(): Promise<StepImage | null> {
    this.tell(-1, this.base, false);
    let image = this.base;
    for (const [index, step] of this.plan.steps.entries()) {
      if (this.parts.options.signal.aborted) throw new CancelledError();
      const next = await placed(step.facts?.node.range, () => this.step(index, step, image));
      if (next === undefined) return buildWholeStage(this.plan, { base: this.base, noCache: this.skip !== undefined, from: index, parts: this.parts });
      image = next;
    }
    return image;
  }

  /** Undefined where the engine has to build the stage. */
  private async step(index: number, step: PlannedStep, parent: StepImage | null): Promise<StepImage | undefined> {
    const { images, options, build } = this.parts;
    const inputs = step.vertex === undefined || images.make === undefined ? [] : await this.parts.inputs(step.vertex);
    const sum = await this.sumOf(step, inputs);
    if (sum === undefined && images.make === undefined) return undefined;
    const configs = probeConfigs(step, build.buildArgs, sum === '' ? undefined : sum);
    const found = await this.prober.probe(parent, configs, step.vertex?.reuse);
    if (found !== undefined) {
      if (step.vertex !== undefined) options.emit({ type: 'cached', at: Date.now(), vertex: step.vertex.digest, note: step.vertex.note });
      this.tell(index, found, true);
      return found;
    }
    if (images.make === undefined) return undefined;
    const made = await this.make(step, { parent, configs, inputs });
    this.tell(index, made, false);
    return made;
  }

  /** Empty where nothing is copied; undefined where only the engine can tell. */
  private async sumOf(step: PlannedStep, inputs: readonly CopyInput[]): Promise<string | undefined> {
    const copies = copiesOf(step);
    if (copies.length === 0) return '';
    const sums: string[] = [];
    for (const { op, input } of copies) {
      const place = inputs[op.input] ?? (await this.contextOnly(input, step));
      const found = place === undefined ? undefined : await this.parts.images.sums(op, place);
      if (found === undefined) return undefined;
      sums.push(...(this.parts.isDownload(input) ? found.map((sum) => sum.replace(/^file:/, '')) : found));
    }
    if (sums.length === 0) throw new DockerfileError('SOURCE_MISSING', 'no source files were specified', { hint: 'no file matches the patterns' });
    return copySum(sums);
  }

  private async contextOnly(input: string, { vertex }: PlannedStep): Promise<CopyInput | undefined> {
    const at = vertex?.inputs.findIndex((digest) => digest === input) ?? -1;
    if (vertex === undefined || at < 0) return undefined;
    const behind = await this.parts.imageBehind(input as `sha256:${string}`);
    if (behind !== undefined) return undefined;
    const [first] = await this.parts.inputs({ ...vertex, inputs: [input as `sha256:${string}`] });
    return first?.kind === 'context' ? first : undefined;
  }

  private async make(step: PlannedStep, { parent, configs, inputs }: { readonly parent: StepImage | null; readonly configs: ProbeConfigs; readonly inputs: readonly CopyInput[] }): Promise<StepImage> {
    const { images, options: { signal, emit }, build } = this.parts;
    if (images.make === undefined) throw new InternalError('there is nothing to make a step with');
    const vertex = classicVertex(step);
    const toMake = {
      parent, inputs,
      platform: step.facts?.view.platform ?? build.facts.platform,
      config: step.config,
      containerConfig: configs[0],
      ...(step.author === undefined ? {} : { author: step.author }),
      ...(vertex === undefined ? {} : { vertex }),
    };
    if (vertex === undefined) return images.make(toMake, { signal, log: () => undefined, progress: () => undefined });
    return followed(vertex, this.skip ?? 'no image of it', { signal, emit }, (follower) => images.make?.(toMake, follower) as Promise<StepImage>);
  }

  private tell(step: number, image: StepImage | null, cached: boolean): void {
    this.parts.options.emit({ type: 'step', at: Date.now(), stage: this.plan.graph.index, step, image: image?.id ?? null, cached });
  }
}

/** What goes wrong is at the instruction, where nobody said another place. */
async function placed<T>(range: SourceRange | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StrakeError) error.range ??= range;
    throw error;
  }
}
