import type { StepMiss } from '@strake/api';

/** Whether progress says why a step is made: not where it was never made before. */
export function isTold({ against, refused }: StepMiss): boolean {
  return against !== undefined || refused === true;
}
