import type { CacheMiss, StepMiss } from '@strake/api';
import type { ChangedStep, State } from './state';

/**
 * Why a step is made, with what is known of those that it stands on: where it is made only because another one is, that one is named; where
 * only building can tell whether it is made, that is said.
 */
export function stepMiss(miss: CacheMiss, on: readonly State[], uncertain: boolean): StepMiss {
  if (uncertain) return { ...miss, reason: 'depends on what an earlier step makes', uncertain: true };
  const changed = firstChanged(on);
  if (changed === undefined || !isFollowing(miss)) return miss;
  return { ...miss, reason: `an earlier step changed: ${changed.note.name}`, because: changed.digest };
}

/** The step that changed first, for those after one that is made for this reason. */
export function changedStep(miss: StepMiss, on: readonly State[], itself: ChangedStep): ChangedStep {
  return miss.because === undefined ? itself : (firstChanged(on) ?? itself);
}

const firstChanged = (on: readonly State[]): ChangedStep | undefined => on.find(({ changed }) => changed !== undefined)?.changed;

/** Nothing of its own changed. */
const isFollowing = ({ changes = [], refused }: CacheMiss): boolean => refused !== true && changes.length > 0 && changes.every(({ what }) => what === 'step');
