import type { ExecOp, MkdirOp, Op, Vertex } from '@strake/api';
import type { StepContainer } from '../run/step-container';
import { stepSpec, type StepSettings, type StepSpec } from '../run/step-spec';
import type { Uses } from '../snapshots/uses';

/** Whether a step can be done where the one before it was. */
export function canGoOn(vertex: Vertex, { spec, wasStarted }: StepContainer, settings: StepSettings): boolean {
  if (spec.hasMounts) return false;
  if (wasStarted && !vertex.ops.every((op) => op.type === 'exec' || isPlainMkdir(op))) return false;
  const exec = execOf(vertex);
  return exec === undefined || stepSpec(exec, settings).key === spec.key;
}

/** What the container of a step is like. One for files is made for the program that will follow in it. */
export function specFor(vertex: Vertex, { settings, uses }: { readonly settings: StepSettings; readonly uses: Uses }): StepSpec {
  let at: Vertex | undefined = vertex;
  while (at !== undefined && execOf(at) === undefined && uses.of(at) === 'step') at = uses.next(at);
  return stepSpec(at === undefined ? undefined : execOf(at), settings);
}

/** A directory that no file of accounts has to be read for. */
const isPlainMkdir = (op: Op): op is MkdirOp => op.type === 'mkdir' && (op.owner === undefined || /^\d+:\d+$/.test(op.owner));

const execOf = ({ ops }: Vertex): ExecOp | undefined => ops.find((op) => op.type === 'exec');
