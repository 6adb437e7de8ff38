import type { Difference } from '../image/compare-facts';

/** A difference from the real builder that is meant. The only way by which one passes. */
export interface IntendedDifference {
  /** Why strake does otherwise. */
  readonly reason: string;
  /** What it explains; anything else still fails. */
  readonly explains: (difference: Difference) => boolean;
  /** Applies to every case; others only to the cases whose `case.json` names them. */
  readonly everywhere?: true;
}

/** Every intended difference by its name. */
export const intendedDifferences: Readonly<Record<string, IntendedDifference>> = {};

/** The differences that no intended one explains. */
export function unexplained(differences: readonly Difference[], named: readonly string[] = []): readonly Difference[] {
  const unknown = named.filter((name) => intendedDifferences[name] === undefined);
  if (unknown.length > 0) throw new Error(`not in intended.ts: ${unknown.join(', ')}`);
  const active = Object.entries(intendedDifferences).filter(([name, intended]) => intended.everywhere === true || named.includes(name));
  return differences.filter((difference) => !active.some(([, intended]) => intended.explains(difference)));
}
