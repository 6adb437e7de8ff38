import { dirname } from 'node:path';
import { lstatSync, type Stats } from 'node:fs';
import { DockerfileError, type CopyOp } from '@strake/api';
import type { TakenFile } from '@strake/context';
import type { Ids } from '../rootfs/account-files';
import type { KeptTimes } from '../rootfs/kept-times';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { copyEntry, type EntryPlan } from './copy-entry';

/** What a copier works with. */
export interface CopyWork {
  /** The tree that is copied from. */
  readonly source: string;
  /** The tree that is written to. */
  readonly root: string;
  /** `--chown`, looked up; absent: as `keepOwner` says. */
  readonly owner: Ids | undefined;
  /** Whether files without `owner` keep theirs; otherwise they become 0:0. */
  readonly keepOwner: boolean;
  readonly times: KeptTimes;
  /** Files that changed at or after this time (milliseconds since the epoch) are compared with their digest again; absent for what cannot change. */
  readonly since: number | undefined;
  /** Whether what stands in the way gives way, as for an archive's entries; a conflict otherwise. */
  readonly replace?: boolean;
  /** Whether a directory of the source stands there only because of what is in it: then one that exists stays as it is. */
  readonly isImplied?: (path: string) => boolean;
  /** Throws when the work is to end. */
  check(): void;
  /** Told now and then how many of all entries are written. */
  progress(current: number, total: number): void;
}

/** Writes what a copy has taken, source by source, as BuildKit's copier does. */
export function copyTaken(op: CopyOp, taken: readonly TakenFile[], work: CopyWork): void {
  for (let start = 0; start < taken.length; ) {
    let end = start + 1;
    while (end < taken.length && taken[end]?.group === taken[start]?.group) end++;
    const done = start;
    copyGroup(op, taken.slice(start, end), { ...work, progress: (current) => work.progress(done + current, taken.length) });
    start = end;
  }
}

function copyGroup(op: CopyOp, group: readonly TakenFile[], work: CopyWork): void {
  const [first] = group;
  if (first === undefined) return;
  const target = prepareTarget(op, first, work);
  const plan: EntryPlan = { ...work, target, mode: op.chmod === undefined ? undefined : Number.parseInt(op.chmod, 8), links: new Map(), directories: [] };
  for (const [index, file] of group.entries()) {
    if (index % 128 === 0) {
      work.check();
      work.progress(index, group.length);
    }
    copyEntry(file, plan);
  }
  for (const [path, time] of plan.directories) work.times.set(path, time);
}

/** Makes the directories that the destination needs, and answers where the group's first entry goes. */
function prepareTarget(op: CopyOp, first: TakenFile, { root, owner, times }: CopyWork): string {
  const { destination } = op;
  const options = { mode: op.chmod === undefined ? 0o755 : Number.parseInt(op.chmod, 8) & 0o777, owner, shown: destination };
  const isFolder = destination.endsWith('/') || destination.endsWith('/.');
  makeDirectories(resolveInRoot(root, isFolder ? destination : dirname(destination)), times, options);
  const target = resolveInRoot(root, destination);
  const there = lstatSync(target, { throwIfNoEntry: false });
  if (first.fromDirectory) {
    if (there === undefined) makeDirectories(target, times, options);
    return target;
  }
  return isDirectory(there) ? `${target}/${first.path}` : target;
}

const isDirectory = (stats: Stats | undefined): boolean => stats?.isDirectory() === true;

/** Something stands in the way of a copy. */
export function conflict(message: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', message, { hint: 'copy to another path, or remove what is there in an earlier RUN' });
}
