import type { HistoryEntry, Instruction, Lowered, Pair } from '@strake/api';

/** The history entry of an instruction, or undefined when it wants none. `args` are the build arguments that it declared. */
export function historyEntry(lowered: Lowered, { keyword, text }: Instruction, args: readonly Pair[], created: string | undefined): HistoryEntry | undefined {
  if (lowered.history === null) return undefined;
  const ops = lowered.ops ?? [];
  const declared = lowered.args && `${keyword} ${args.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(' ')}`;
  // As BuildKit: a working directory alone carries no mark.
  const mark = ops.some(({ type }) => type !== 'mkdir') ? ' # strake' : '';
  return {
    ...(created === undefined ? {} : { created }),
    created_by: `${lowered.history ?? declared ?? text}${mark}`,
    comment: 'strake.dockerfile.v0',
    ...(ops.length === 0 ? { empty_layer: true } : {}),
  };
}
