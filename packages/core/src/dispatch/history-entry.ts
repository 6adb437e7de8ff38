import type { HistoryEntry, Instruction, Lowered, Pair } from '@strake/api';

/** What a history entry tells besides its text. */
export interface EntryFacts {
  /** RFC 3339. */
  readonly created: string | undefined;
  /** Whether the instruction changed files. */
  readonly layer: boolean;
}

/** The history entry of an instruction, or undefined when it wants none. `args` are the build arguments that it declared. */
export function historyEntry(lowered: Lowered, { keyword, text }: Instruction, args: readonly Pair[], { created, layer }: EntryFacts): HistoryEntry | undefined {
  if (lowered.history === null || lowered.aside === true) return undefined;
  const ops = lowered.ops ?? [];
  const declared = lowered.args && `${keyword} ${args.map(({ name, value }) => (value === undefined ? name : `${name}=${value}`)).join(' ')}`;
  // As BuildKit: a working directory alone carries no mark.
  const mark = ops.some(({ type }) => type !== 'mkdir') || (lowered.squash !== undefined && layer) ? ' # strake' : '';
  return {
    ...(created === undefined ? {} : { created }),
    created_by: `${lowered.history ?? declared ?? text}${mark}`,
    comment: 'strake.dockerfile.v0',
    ...(ops.length === 0 && !(lowered.squash !== undefined && layer) ? { empty_layer: true } : {}),
  };
}
