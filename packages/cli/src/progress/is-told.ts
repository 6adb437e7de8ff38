import type { StepMiss } from '@strake/api';

/** Whether progress says why a step is made: not where it was never made before, or where nobody knows. */
export function isTold(miss: StepMiss | undefined): boolean {
  return miss?.against !== undefined || miss?.refused === true;
}
