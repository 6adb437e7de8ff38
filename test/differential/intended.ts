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
  'large-owner-kept': {
    reason: 'BuildKit takes an id above 2^31 for a name it does not know, and so for root; Linux has ids up to 2^32 - 2',
    explains: ({ where, expected, actual }) => /^tree:.*\.owner$/.test(where) && expected === '"0:0"' && (actual.match(/\d+/g) ?? []).some((id) => Number(id) > 0x7fffffff),
  },
  'dangling-link-kept': {
    reason: 'with --exclude BuildKit follows links of the context to learn its digest and fails at one that leads nowhere, which it copies without that flag',
    // A record keeps only the last line of what BuildKit says, which does not show the instruction.
    explains: ({ where, expected, actual }) => where === 'result' && actual === 'built' && /(?:--exclude|^refused:\nERROR:)[^]*failed to calculate checksum of ref \S+: "[^"]*": not found/.test(expected),
  },
  'unneeded-from-unread': {
    reason: 'BuildKit expands --from of stages that the target does not need, and fails at a variable that must be set; here such a stage is not looked into',
    explains: ({ where, expected, actual }) => where === 'result' && actual === 'built' && /failed to process "[^"]*": \S+: (?:is )?not allowed to be unset/.test(expected),
  },
  'parent-times-kept': {
    reason: 'a directory that only got a new entry keeps its time here, so that a layer depends on what is copied and not on when',
    explains: ({ where, expected, actual }) => /^tree:.*\.mtime$/.test(where) && expected === '"of the build"' && actual !== expected,
    everywhere: true,
  },
  'whiteout-forms': {
    reason: 'BuildKit lists every removed file of a directory that was made anew; one opaque marker says the same, and the final tree is compared all the same',
    explains: ({ where, actual }) => /^layers\[\d+\]$/.test(where) && namesOf(actual).some((name) => name.endsWith('.wh..wh..opq')),
    everywhere: true,
  },
  'mount-points-removed': {
    reason: 'the directories that RUN mounts over (/dev, /proc, /sys) are not part of what an instruction made, so an image from scratch does not get them',
    explains: ({ where, actual }) => /^tree:(?:dev|proc|sys)$/.test(where) && actual === '(absent)',
  },
  'hard-links-across-layers': {
    reason: 'a new name for a file of a lower layer is a link in the layer that makes it, to a copy of the file in that layer; BuildKit leaves the old name out and so parts the two',
    explains: ({ where }) => /^layers\[\d+\]$/.test(where) || /^tree:.*\.names$/.test(where),
  },
  'touched-directory': {
    reason: 'a directory whose time a program changed is in the layer; BuildKit leaves it out when nothing else changed',
    explains: ({ where, actual }) => /^tree:.*\.mtime$/.test(where) && actual === '"of the build"',
  },
  'submodule-pointers-removed': {
    reason: "BuildKit leaves the file .git of each submodule, which points to a directory that is not in the image",
    explains: ({ where, expected, actual }) => (/^tree:.*\/\.git$/.test(where) && expected === '"file"' && actual === '(absent)') || (/^layers\[\d+\]$/.test(where) && sameNames(expected, actual, /(?:^|\/)\.git$/)),
  },
  'ignore-files-of-all-contexts': {
    reason: 'the ignore file of a context counts however the context comes, so that the same files make the same image; BuildKit reads it in local directories only',
    explains: ({ where, expected, actual }) => (/^tree:.*\/left-out$/.test(where) && actual === '(absent)') || (/^layers\[\d+\]$/.test(where) && sameNames(expected, actual, /\/left-out$/)),
  },
};

/** Whether two layers bring the same names but for those that the first alone has, which are all of a kind. */
function sameNames(expected: string, actual: string, kind: RegExp): boolean {
  return JSON.stringify(namesOf(expected).filter((name) => !kind.test(name))) === JSON.stringify(namesOf(actual));
}

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
