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
export const intendedDifferences: Readonly<Record<string, IntendedDifference>> = {
  'unknown-owner-refused': {
    reason: 'BuildKit takes a --chown name that is in no /etc/passwd for root without a word; nothing is ever silently ignored here',
    explains: ({ where, expected }) => where === 'result' && expected === 'built',
  },
  'large-owner-kept': {
    reason: 'BuildKit takes an id above 2^31 for a name it does not know, and so for root; Linux has ids up to 2^32 - 2',
    explains: ({ where, expected }) => /^tree:.*\.owner$/.test(where) && expected === '"0:0"',
  },
  'equal-file-in-layer': {
    reason: 'BuildKit compares a copied file with the one below it and leaves it out of the layer when size and time are equal, whatever the content; here a layer holds what its instruction copies',
    explains: ({ where, expected, actual }) => /^layers\[\d+\]$/.test(where) && namesOf(expected).every((name) => namesOf(actual).includes(name)),
  },
  'onbuild-checked': {
    reason: 'an unknown instruction in ONBUILD is refused where it is written, not in the images that are built from it',
    explains: ({ where, expected }) => where === 'result' && expected === 'built',
  },
};

function namesOf(layer: string): readonly string[] {
  return layer.startsWith('[') ? (JSON.parse(layer) as readonly string[]) : [];
}

/** The differences that no intended one explains. */
export function unexplained(differences: readonly Difference[], named: readonly string[] = []): readonly Difference[] {
  const unknown = named.filter((name) => intendedDifferences[name] === undefined);
  if (unknown.length > 0) throw new Error(`not in intended.ts: ${unknown.join(', ')}`);
  const active = Object.entries(intendedDifferences).filter(([name, intended]) => intended.everywhere === true || named.includes(name));
  return differences.filter((difference) => !active.some(([, intended]) => intended.explains(difference)));
}
