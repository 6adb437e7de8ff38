import type { ContainerConfig, Digest, GraphInstruction, GraphStep, HistoryEntry, InstructionNode } from '@strake/api';

/** What an instruction came to. */
export interface StepFacts {
  readonly node: InstructionNode;
  readonly root: Digest | null;
  readonly config: ContainerConfig;
  readonly entry: HistoryEntry | undefined;
  /** Not empty for a trigger. */
  readonly prefix: string;
}

/** A step of the graph's list of instructions. */
export function graphStep({ node, root, config, entry, prefix }: StepFacts): GraphStep {
  return {
    ...graphInstruction(node),
    ...(prefix === '' ? {} : { trigger: true }),
    state: root,
    config,
    ...(entry === undefined ? {} : { history: entry }),
  };
}

/** An instruction as the graph lists it. */
export function graphInstruction({ keyword, original, range }: InstructionNode): GraphInstruction {
  return { keyword, text: original.trim(), range };
}
