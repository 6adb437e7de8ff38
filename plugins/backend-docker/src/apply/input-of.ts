import { InternalError, type CopyInput, type CopyOp } from '@strake/api';

/** The input of a step that an op takes its files from. */
export function inputOf({ input }: Pick<CopyOp, 'input'>, inputs: readonly CopyInput[]): CopyInput {
  const found = inputs[input];
  if (found === undefined) throw new InternalError(`a copy has no input ${input}`);
  return found;
}
