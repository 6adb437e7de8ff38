import type { Digest, StepImage, StepMiss } from '@strake/api';
import { copySum } from './copy-sum';
import { explainMiss } from './explain-miss';
import { ImageCache } from './image-cache';
import { Prober } from './prober';
import { probeConfigs } from './probe-configs';
import type { PlannedStep, StagePlan } from './stage-plan';
import { copiesOf, type StageParts } from './stage-parts';

/** A stage's last image as far as it is known: `undefined` where it is yet to be made. */
export type Foreseen = StepImage | null | undefined;

/** Says of one stage which of its instructions a build would find, and of the first one that it would not, why. Makes nothing. */
export class StageForecast {
  private readonly plan: StagePlan;
  private readonly parts: StageParts;
  private readonly prober: Prober;
  private readonly skip: string | undefined;
  /** Why all that follows is made. */
  private made: StepMiss | undefined;

  constructor(plan: StagePlan, parts: StageParts) {
    this.plan = plan;
    this.parts = parts;
    const { build, images, options } = parts;
    this.skip = options.skipCache({ note: { name: '', stage: plan.facts.name ?? String(plan.graph.index) } });
    this.prober = new Prober(new ImageCache(images, build.cacheFrom), plan.steps[0]?.facts?.view.platform ?? build.facts.platform, this.skip !== undefined);
  }

  async tell(base: Foreseen): Promise<Foreseen> {
    let image = base;
    if (base === undefined) this.made = { reason: 'the stage that it begins with is made anew' };
    for (const step of this.plan.steps) {
      await this.look(step);
      const found = image === undefined ? undefined : await this.step(step, image);
      const { vertex } = step;
      if (vertex !== undefined && found !== undefined) this.parts.options.emit({ type: 'cached', at: Date.now(), vertex: vertex.digest, note: vertex.note });
      if (vertex !== undefined && found === undefined) this.tellMissed(vertex);
      image = found;
    }
    return image;
  }

  private async step(step: PlannedStep, parent: StepImage | null): Promise<StepImage | undefined> {
    const { build, images } = this.parts;
    const sum = await this.sumOf(step);
    if (sum === undefined) {
      this.made = { reason: 'what it copies is known when it is built', uncertain: true };
      return undefined;
    }
    const configs = probeConfigs(step, build.buildArgs, sum === '' ? undefined : sum);
    const found = await this.prober.probe(parent, configs, step.vertex?.reuse);
    if (found !== undefined) return found;
    const miss = this.skip === undefined ? explainMiss(await images.children(parent?.id ?? null), configs) : { reason: this.skip };
    const line = step.facts?.node.range.start.line;
    this.made = step.vertex === undefined ? { ...miss, reason: `${step.facts?.instruction.keyword ?? 'LABEL'}${line === undefined ? '' : ` in line ${line}`}: ${miss.reason}` } : miss;
    // An engine looks into the images of --cache-from by itself.
    if (images.restore === undefined && build.cacheFrom.length > 0) this.made = { reason: 'the engine looks for it in the images of --cache-from', uncertain: true };
    return undefined;
  }

  /** All further steps follow from the first one. */
  private tellMissed({ digest, note }: NonNullable<PlannedStep['vertex']>): void {
    const miss = this.made ?? { reason: 'a step before it is made anew' };
    this.parts.options.emit({ type: 'missed', at: Date.now(), vertex: digest, note, reason: miss.reason, miss });
    if (miss.because === undefined) this.made = { reason: 'a step before it is made anew', because: digest, ...(miss.uncertain === undefined ? {} : { uncertain: true as const }) };
  }

  private async sumOf(step: PlannedStep): Promise<string | undefined> {
    const sums: string[] = [];
    for (const { op, input } of copiesOf(step)) {
      const place = step.vertex === undefined ? undefined : (await this.inputOf(input, step.vertex));
      const found = place === undefined ? undefined : await this.parts.images.sums(op, place);
      if (found === undefined) return undefined;
      sums.push(...(this.parts.isDownload(input) ? found.map((sum) => sum.replace(/^file:/, '')) : found));
    }
    return sums.length === 0 ? '' : copySum(sums);
  }

  private async inputOf(input: Digest, vertex: NonNullable<PlannedStep['vertex']>) {
    if (this.parts.isMade(input)) return undefined;
    const [place] = await this.parts.inputs({ ...vertex, inputs: [input] });
    return place;
  }

  /** What it takes of the build context is told, whether it is cached or not. */
  private async look(step: PlannedStep): Promise<void> {
    for (const { op, input } of copiesOf(step)) {
      if (step.vertex === undefined || !this.parts.isContext(input)) continue;
      const place = await this.inputOf(input, step.vertex);
      if (place !== undefined) await this.parts.options.session.select(op, place);
    }
  }
}
