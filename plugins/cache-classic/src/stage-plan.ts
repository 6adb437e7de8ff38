import { InternalError, type ContainerConfig, type Digest, type GraphStage, type InstructionFacts, type StageFacts, type StepGraph, type Vertex } from '@strake/api';

/** An instruction with all that is known of it. */
export interface PlannedStep {
  /** Absent for a label of the command line. */
  readonly facts?: InstructionFacts;
  /** The label of a step without facts. */
  readonly label?: readonly [name: string, value: string];
  /** After it. */
  readonly config: ContainerConfig;
  readonly author?: string;
  /** What changes files; absent where nothing does. */
  readonly vertex?: Vertex;
}

/** A stage as the classic builder sees it. */
export interface StagePlan {
  readonly graph: GraphStage;
  readonly facts: StageFacts;
  readonly steps: readonly PlannedStep[];
  /** The state after it. */
  readonly root: Digest | null;
}

/** The stages of a build in their order. The last one gets the labels of the command line, an instruction each. */
export function planStages(build: StepGraph): readonly StagePlan[] {
  const { graph, facts, labels } = build;
  const vertices = new Map(graph.vertices.map((vertex) => [vertex.digest, vertex]));
  const onNothing = new Map<number, boolean>();
  return graph.stages.map((stage, at) => {
    const known = facts.stages.find(({ index }) => index === stage.index);
    if (known === undefined || known.instructions.length !== stage.steps.length) throw new InternalError(`the facts of stage ${stage.index} are not those of the graph`);
    // A stage on nothing has no working directory before an instruction sets one.
    let bare = known.parent === undefined ? known.base === 'scratch' : (onNothing.get(known.parent) ?? false);
    let [state, author]: [Digest | null, string | undefined] = [stage.base, undefined];
    const steps = stage.steps.map((step, index): PlannedStep => {
      const instruction = known.instructions[index] as InstructionFacts;
      bare &&= instruction.lowered.config?.workingDir === undefined;
      author = instruction.lowered.config?.author ?? author;
      const vertex = step.state === state || step.state === null ? undefined : vertices.get(step.state);
      if (step.state !== state && vertex === undefined) throw new InternalError(`the graph has no vertex of a step of stage ${stage.index}`);
      state = step.state;
      return { facts: instruction, config: classicConfig(step.config, bare), ...(author === undefined ? {} : { author }), ...(vertex === undefined ? {} : { vertex }) };
    });
    onNothing.set(stage.index, bare);
    const last = at === graph.stages.length - 1;
    const added = last ? labelSteps(labels, steps.at(-1)?.config ?? classicConfig(graph.results[0]?.config.config ?? {}, bare), author) : [];
    return { graph: stage, facts: known, steps: [...steps, ...added], root: state };
  });
}

function classicConfig(config: ContainerConfig, bare: boolean): ContainerConfig {
  const { WorkingDir, ...rest } = config;
  return bare || WorkingDir === undefined ? rest : config;
}

/** In the order of their names' bytes. */
function labelSteps(labels: StepGraph['labels'], config: ContainerConfig, author: string | undefined): readonly PlannedStep[] {
  const sorted = Object.entries(labels).sort(([left], [right]) => Buffer.compare(Buffer.from(left), Buffer.from(right)));
  return sorted.map((label, at) => {
    const Labels = { ...config.Labels, ...Object.fromEntries(sorted.slice(0, at + 1)) };
    return { label, config: { ...config, Labels }, ...(author === undefined ? {} : { author }) };
  });
}
