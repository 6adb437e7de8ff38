import { InternalError, OperatorError, StrakeError, type StageFollower, type StepImage } from '@strake/api';
import { isClassic } from './is-classic';
import type { PlannedStep, StagePlan } from './stage-plan';
import { stageText } from './stage-text';
import { copiesOf, type StageParts } from './stage-parts';

/** What is known of a stage when the engine is to build it. */
export interface WholeStage {
  readonly base: StepImage | null;
  readonly noCache: boolean;
  /** The first step that was not found; those before are told of already. */
  readonly from: number;
  readonly parts: StageParts;
}

/** Lets the engine build a stage with its own builder, from the stage's instructions as they are written, and tells of its steps. */
export async function buildWholeStage(plan: StagePlan, { base, noCache, from, parts }: WholeStage): Promise<StepImage> {
  const { build, images } = parts;
  if (images.buildStage === undefined) throw new InternalError('there is nothing to build a stage with');
  for (const { facts } of plan.steps) if (facts !== undefined && !isClassic(facts)) throw unknown(facts.instruction.keyword, facts.node.range);
  const behind = await imagesBehind(plan, parts);
  const elsewhere = plan.steps.find((step) => !behind.has(step) && step.facts?.node.flags.some(({ name }) => name === 'from'));
  if (elsewhere?.facts !== undefined) throw new OperatorError('UNSUPPORTED', 'the engine\'s own builder cannot copy from a named context', { hint: 'copy from the build context, a stage or an image', range: elsewhere.facts.node.range });
  const { dockerfile, lines } = stageText(plan, base?.id ?? 'scratch', build, (step) => behind.get(step)?.id);
  const stage = {
    base, dockerfile, lines, noCache,
    platform: plan.steps[0]?.facts?.view.platform ?? build.facts.platform,
    triggers: plan.steps.length - lines,
    copies: plan.steps.filter((step) => !behind.has(step)).flatMap((step) => copiesOf(step).map(({ op }) => op)),
    buildArgs: argumentsOf(plan, build.buildArgs),
    network: build.network,
    cacheFrom: build.cacheFrom,
  };
  const made = await images.buildStage(stage, follower(plan, from, parts));
  const last = made.at(-1);
  if (last === undefined) throw new InternalError('the engine built a stage without an image');
  return last;
}

/** The images that its copies take from, by step. */
async function imagesBehind({ steps }: StagePlan, parts: StageParts): Promise<ReadonlyMap<PlannedStep, StepImage>> {
  const found = new Map<PlannedStep, StepImage>();
  for (const step of steps) {
    for (const { input } of copiesOf(step)) {
      const image = await parts.imageBehind(input);
      if (image !== undefined) found.set(step, image);
    }
  }
  return found;
}

/** The arguments that have a value here without anybody giving one. */
const AUTOMATIC = /^(?:TARGET|BUILD)(?:PLATFORM|OS|OSVERSION|ARCH|VARIANT)$|^TARGETSTAGE$/;

/** The build's own arguments, and the automatic ones that the stage declares. */
function argumentsOf({ steps }: StagePlan, given: StageParts['build']['buildArgs']): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const view = steps.findLast(({ facts }) => facts !== undefined)?.facts?.view;
  for (const { name, value } of view?.args ?? []) if (AUTOMATIC.test(name)) values[name] = value;
  for (const [name, value] of Object.entries(given)) if (value !== undefined) values[name] = value;
  return values;
}

function follower({ graph, steps }: StagePlan, from: number, { options: { signal, emit } }: StageParts): StageFollower {
  const begun = new Map<number, number>();
  const vertexOf = (step: number): PlannedStep['vertex'] => steps[step]?.vertex;
  return {
    signal,
    started(step) {
      const vertex = vertexOf(step);
      if (vertex === undefined || step < from) return;
      begun.set(step, performance.now());
      emit({ type: 'missed', at: Date.now(), vertex: vertex.digest, note: vertex.note, reason: 'no image of it' });
      emit({ type: 'started', at: Date.now(), vertex: vertex.digest, note: vertex.note });
    },
    log(step, stream, data) {
      const vertex = vertexOf(step);
      if (vertex !== undefined) emit({ type: 'log', at: Date.now(), vertex: vertex.digest, stream, data });
    },
    failed(step, error) {
      const { vertex, facts } = steps[step] ?? {};
      if (error instanceof StrakeError && facts !== undefined) error.range ??= facts.node.range;
      if (vertex === undefined || !begun.has(step)) return;
      emit({ type: 'done', at: Date.now(), vertex: vertex.digest, note: vertex.note, milliseconds: performance.now() - (begun.get(step) ?? 0), error: error instanceof Error ? error.message : String(error) });
    },
    done(step, image, cached) {
      if (step < from) return;
      const vertex = vertexOf(step);
      if (vertex !== undefined && cached) emit({ type: 'cached', at: Date.now(), vertex: vertex.digest, note: vertex.note });
      else if (vertex !== undefined) emit({ type: 'done', at: Date.now(), vertex: vertex.digest, note: vertex.note, milliseconds: performance.now() - (begun.get(step) ?? performance.now()) });
      emit({ type: 'step', at: Date.now(), stage: graph.index, step, image: image.id, cached });
    },
  };
}

function unknown(keyword: string, range: OperatorError['range']): OperatorError {
  return new OperatorError('UNSUPPORTED', `the engine's own builder has no ${keyword} like this one`, { hint: 'build on the embedded backend, or with another cache', ...(range === undefined ? {} : { range }) });
}
