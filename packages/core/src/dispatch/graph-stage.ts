import type { GraphStage } from '@strake/api';
import { graphInstruction } from './graph-step';
import type { LoweredStage } from './lowering';
import type { Stage } from './stages';

/** A lowered stage as the graph lists it. */
export function graphStage({ index, start: { name }, node }: Stage, { base, started, state: { steps } }: LoweredStage): GraphStage {
  return {
    ...graphInstruction(node), index, base, steps,
    ...(name === undefined ? {} : { name }),
    ...(started === undefined ? {} : { image: started.reference }),
  };
}
