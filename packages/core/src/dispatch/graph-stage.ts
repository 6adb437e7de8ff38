import type { GraphStage } from '@strake/api';
import type { LoweredStage } from './lowering';
import type { Stage } from './stages';

/** A lowered stage as the graph lists it. */
export function graphStage({ index, start: { name }, node }: Stage, { base, state: { steps } }: LoweredStage): GraphStage {
  return { index, ...(name === undefined ? {} : { name }), text: node.original.trim(), range: node.range, base, steps };
}
