import type { BuildEvent, Digest, GraphInstruction, GraphStage } from '@strake/api';
import { idOf, shortId } from './short-id';

/** A numbered line of the classic progress. */
export interface ClassicStep {
  readonly text: string;
  /** What is printed after it; empty for a stage on nothing, undefined for an ARG before the first stage. */
  readonly id: string | undefined;
  /** The vertex that it waits for; null when it changes no file. */
  readonly vertex: Digest | null;
  /** Whether the classic builder makes a container for it when it changes files. */
  readonly contained: boolean;
  /** Whether a new stage begins. */
  readonly begins: boolean;
}

/** COPY and ADD write without one. */
const CONTAINED: ReadonlySet<string> = new Set(['RUN', 'WORKDIR']);

/**
 * Everything that will be printed, in the order of the file: arguments, stages, instructions, and at the end `labels` of the request, each as an instruction
 * in the order of their names. Triggers have no number of their own in Docker either.
 */
export function classicSteps({ stages, globals }: Pick<BuildEvent & { type: 'graph' }, 'stages' | 'globals'>, labels: Readonly<Record<string, string>> = {}): readonly ClassicStep[] {
  return [...globals.map(globalStep), ...stages.flatMap(stageSteps), ...Object.keys(labels).sort().map((name) => labelStep(name, labels[name] ?? ''))];
}

function labelStep(name: string, value: string): ClassicStep {
  const text = `LABEL ${name}=${value}`;
  return { text, id: idOf(text), vertex: null, contained: false, begins: false };
}

function globalStep({ text }: GraphInstruction): ClassicStep {
  return { text, id: undefined, vertex: null, contained: false, begins: false };
}

function stageSteps(stage: GraphStage): readonly ClassicStep[] {
  const from = { text: stage.text, id: baseId(stage), vertex: null, contained: false, begins: true };
  const steps = stage.steps.map(({ text, keyword, state, config }, index): ClassicStep => {
    const before = index === 0 ? stage.base : (stage.steps[index - 1]?.state ?? null);
    return { text, id: idOf(text, state, config), vertex: state === before ? null : state, contained: CONTAINED.has(keyword), begins: false };
  });
  return [from, ...steps];
}

/** A pinned image by its manifest, a stage by its state. */
function baseId({ image, base }: GraphStage): string {
  const pinned = image?.split('@')[1];
  if (pinned !== undefined) return shortId(pinned);
  return base === null ? '' : idOf(base);
}
