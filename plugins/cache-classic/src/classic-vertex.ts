import type { Vertex } from '@strake/api';
import { seenArguments } from './argument-list';
import type { PlannedStep } from './stage-plan';

/** The work of a step with the environment of the classic builder: variables first, then the build arguments that no variable hides. */
export function classicVertex({ vertex, facts }: PlannedStep): Vertex | undefined {
  if (vertex === undefined || facts?.instruction.keyword !== 'RUN') return vertex;
  const env = [...(facts.view.config.Env ?? []), ...seenArguments(facts.view)];
  return { ...vertex, ops: vertex.ops.map((op) => (op.type === 'exec' ? { ...op, env } : op)) };
}
