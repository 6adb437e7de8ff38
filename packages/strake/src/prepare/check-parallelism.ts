import { OperatorError } from '@strake/api';

/** A number of steps that may be made at once. Throws USAGE. */
export function checkParallelism(parallelism: number): number {
  if (Number.isSafeInteger(parallelism) && parallelism > 0) return parallelism;
  throw new OperatorError('USAGE', `parallelism ${parallelism} is no number of steps`, { hint: 'give a whole number, 1 or more' });
}
