import { chmodSync, lchownSync, linkSync, lstatSync, mkdirSync, readlinkSync, rmSync, symlinkSync, unlinkSync, type BigIntStats } from 'node:fs';
import { dirname } from 'node:path';
import { encodePath, type TakenFile } from '@strake/context';
import { makeNode, setTimes, splitDevice } from '@strake/syscalls';
import { assertUnchanged } from './assert-unchanged';
import { copyAttributes } from './copy-attributes';
import { changed } from './changed';
import { conflict } from './conflict';
import { copyContent } from './copy-content';
import type { Ids } from '@strake/oci';
import { isSame } from './is-same';
import type { CopyWork } from './copy-work';
import type { ModeChange } from './mode-change';

/** One group's copying. */
export interface EntryPlan extends CopyWork {
  /** Where the group's first entry goes: a resolved path. */
  readonly target: string;
  /** `--chmod`. */
  readonly chmod: ModeChange | undefined;
  /** First copies of files with several links, by device and inode: links inside one source stay links. */
  readonly links: Map<string, string>;
  /** Directories and the times that they get when all is written. */
  readonly directories: [path: string, time: bigint][];
}

/** Copies one entry over whatever may be at its place, as far as BuildKit allows. */
export function copyEntry(file: TakenFile, plan: EntryPlan): void {
  const source = `${plan.source}/${file.source}`;
  const target = file.fromDirectory && file.path !== '' ? `${plan.target}/${file.path}` : plan.target;
  if (file.type === 'directory') {
    copyDirectory(file, source, target, plan);
    return;
  }
  plan.times.keep(dirname(target));
  const stats = writeEntry(file, source, target, plan);
  if (stats !== undefined) finish(file, source, target, stats, plan);
}

/** Whether what is in the way is what would be written. */
function stays(file: TakenFile, source: string, target: string, plan: EntryPlan): boolean {
  const stats = statSource(file, source);
  if (stats.nlink > 1n || !isSame(target, { source, stats, mode: modeOf(file, plan), ...ownerOf(file, plan) })) return false;
  if (plan.since !== undefined) assertUnchanged(file, target, stats, plan.since);
  return true;
}

/** The destination directory itself keeps its mode and owner; those below take the source's. */
function copyDirectory(file: TakenFile, source: string, target: string, plan: EntryPlan): void {
  const stats = statSource(file, source);
  let there = lstatSync(encodePath(target), { throwIfNoEntry: false });
  if (there !== undefined && !there.isDirectory()) {
    if (plan.replace !== true) throw conflict(`cannot copy to non-directory: ${shown(target, plan)}`);
    unlinkSync(encodePath(target));
    there = undefined;
  }
  if (there !== undefined && plan.isImplied?.(file.source) === true) return;
  if (there !== undefined && file.implied === true) {
    chmodSync(encodePath(target), file.mode);
    return;
  }
  if (there === undefined) {
    plan.times.keep(dirname(target));
    mkdirSync(encodePath(target));
    plan.times.made(target);
  }
  plan.directories.push([target, stats.mtimeNs]);
  if (file.path === '') return;
  setOwnerAndMode(file, target, plan, { always: there !== undefined });
  if (file.xattrs) copyAttributes(source, target);
}

/** Makes an entry, or nothing when it is there; what may be in its place is looked at only when it is in the way, which is rare. */
function place<T>(file: TakenFile, source: string, target: string, plan: EntryPlan, make: () => T): T | undefined {
  try {
    return make();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  if (stays(file, source, target, plan)) return undefined;
  makeRoom(target, plan);
  return make();
}

function makeRoom(target: string, plan: EntryPlan): void {
  const there = lstatSync(encodePath(target), { throwIfNoEntry: false });
  if (there === undefined) return;
  if (there.isDirectory() && plan.replace !== true) throw conflict(`cannot replace to directory ${shown(target, plan)} with file`);
  rmSync(encodePath(target), { recursive: there.isDirectory() });
}

/** Writes an entry without its owner and times; answers what its source is afterwards, or nothing when all is done. */
function writeEntry(file: TakenFile, source: string, target: string, plan: EntryPlan): BigIntStats | undefined {
  if (file.type === 'file') return writeFile(file, source, target, plan);
  const stats = statSource(file, source);
  return place(file, source, target, plan, () => {
    if (file.type === 'symlink') symlinkSync(readlinkSync(encodePath(source), 'buffer'), encodePath(target));
    else makeNode(encodePath(target), Number(stats.mode), ...deviceOf(stats));
    return stats;
  });
}

function writeFile(file: TakenFile, source: string, target: string, plan: EntryPlan): BigIntStats | undefined {
  const stats = place(file, source, target, plan, () => copyOrChanged(file, source, target, plan));
  if (stats === undefined || stats.nlink < 2n) return stats;
  const key = `${stats.dev}:${stats.ino}`;
  const link = plan.links.get(key);
  if (link === undefined) {
    plan.links.set(key, target);
    return stats;
  }
  unlinkSync(encodePath(target));
  linkSync(encodePath(link), encodePath(target));
  return undefined;
}

function copyOrChanged(file: TakenFile, source: string, target: string, plan: EntryPlan): BigIntStats {
  try {
    return copyContent({ source, target, size: file.size, mode: modeOf(file, plan) });
  } catch (error) {
    const { code, path } = error as NodeJS.ErrnoException;
    if ((code === 'ENOENT' || code === 'ELOOP') && path !== target) throw changed(file.source, error);
    throw error;
  }
}

function finish(file: TakenFile, source: string, target: string, stats: BigIntStats, plan: EntryPlan): void {
  if (plan.since !== undefined) assertUnchanged(file, target, stats, plan.since);
  setOwnerAndMode(file, target, plan, { always: file.type === 'other' });
  if (file.xattrs) copyAttributes(source, target);
  setTimes(encodePath(target), stats.mtimeNs);
}

const modeOf = ({ mode, type }: TakenFile, { chmod }: EntryPlan): number => chmod?.(mode, type === 'directory') ?? mode;

const ownerOf = ({ uid, gid }: TakenFile, { owner, keepOwner }: EntryPlan): Ids => owner ?? (keepOwner ? { uid, gid } : { uid: 0, gid: 0 });

function setOwnerAndMode(file: TakenFile, target: string, plan: EntryPlan, { always }: { readonly always: boolean }): void {
  const path = encodePath(target);
  const { uid, gid } = ownerOf(file, plan);
  if (always || uid !== 0 || gid !== 0) lchownSync(path, uid, gid);
  const mode = modeOf(file, plan);
  // After the owner: changing that takes the setuid bits away. Otherwise a file has its mode from its making.
  if (file.type !== 'symlink' && (file.type !== 'file' || mode > 0o777)) chmodSync(path, mode);
}

function statSource(file: TakenFile, source: string): BigIntStats {
  const stats = lstatSync(encodePath(source), { bigint: true, throwIfNoEntry: false });
  if (stats === undefined) throw changed(file.source);
  return stats;
}

function deviceOf({ rdev }: BigIntStats): [number, number] {
  const { major, minor } = splitDevice(rdev);
  return [major, minor];
}

const shown = (target: string, { root }: EntryPlan): string => target.slice(root.length);
