import { DockerfileError } from '@strake/api';
import type { HistoryEntry, InstructionNode } from '@strake/api';
import type { StageState } from './stage-state';

/** The state in which a range of one layer has begun. Throws INVALID_ARGUMENTS within another one. */
export function beginRange(state: StageState, node: InstructionNode): StageState {
  if (state.range === undefined) return { ...state, range: { node, root: state.root, entries: state.history.length } };
  const { line } = state.range.node.range.start;
  throw new DockerfileError('INVALID_ARGUMENTS', `the range that begins in line ${line} has not ended`, { range: node.range, hint: 'end it before another one begins' });
}

/** The state after a range: its instructions stay in the history, but the layer is that of the one that ends it. Throws INVALID_ARGUMENTS where none has begun. */
export function endRange({ range, ...state }: StageState, node: InstructionNode): StageState {
  if (range === undefined) throw new DockerfileError('INVALID_ARGUMENTS', 'no range has begun in this stage', { range: node.range });
  const withoutLayer = (entry: HistoryEntry, index: number): HistoryEntry => (index < range.entries || index === state.history.length - 1 ? entry : { ...entry, empty_layer: true });
  return { ...state, history: state.history.map(withoutLayer) };
}

/** Refuses a stage that ends within a range. Throws INVALID_ARGUMENTS. */
export function refuseOpenRange({ range }: StageState): void {
  if (range === undefined) return;
  throw new DockerfileError('INVALID_ARGUMENTS', 'the range that begins here does not end in its stage', { range: range.node.range, hint: 'end it before the next FROM' });
}
