import { dirname } from 'node:path';
import { lstatSync, type Stats } from 'node:fs';
import { octalMode, type CopyOp } from '@strake/api';
import type { TakenFile } from '@strake/context';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { copyEntry, type EntryPlan } from './copy-entry';
import type { CopyWork } from './copy-work';
import { modeChange } from './mode-change';

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
  const plan: EntryPlan = { ...work, target, chmod: op.chmod === undefined ? undefined : modeChange(op.chmod), links: new Map(), directories: [] };
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
  // Clauses have nothing there to change.
  const mode = (op.chmod === undefined ? undefined : octalMode(op.chmod)) ?? 0o755;
  // A folder that is only on the way is for its owner to write, whatever the files are for; the umask of the reference says so too.
  const options = { mode: mode & 0o755, owner, shown: destination };
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
