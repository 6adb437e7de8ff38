import { InternalError, type CopyInput } from '@strake/api';
import type { ExecParts } from './exec-parts';

/** The input that a mount reads. */
export function inputOf(number: number, { inputs }: Pick<ExecParts, 'inputs'>): CopyInput {
  const input = inputs[number];
  if (input === undefined) throw new InternalError(`a mount has no input ${number}`);
  return input;
}
