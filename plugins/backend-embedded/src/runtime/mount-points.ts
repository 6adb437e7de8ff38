import { closeSync, lstatSync, mkdirSync, openSync, readdirSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimes } from '@strake/syscalls';
import type { RunSpec } from './run-spec';

/** A mount point that was made for a run. Times are nanoseconds since the epoch. */
export interface MountPoint {
  readonly path: string;
  /** Modification time of its parent before and after it was made. */
  readonly before: bigint;
  readonly after: bigint;
}

const KERNEL_MOUNT_POINTS = ['/dev', '/proc', '/sys'];

/** Makes what is missing in the root file system to mount on; answers it, parents first. A mount's target has no symbolic links. */
export function makeMountPoints({ rootfs, mounts }: Pick<RunSpec, 'rootfs' | 'mounts'>): readonly MountPoint[] {
  const made: MountPoint[] = [];
  for (const target of KERNEL_MOUNT_POINTS) makeMissing(rootfs, target, true, made);
  // /dev is a file system of its own while a program runs.
  for (const { type, source, target, nested } of mounts) {
    if (nested !== true && !target.startsWith('/dev/')) makeMissing(rootfs, target, type === 'tmpfs' || statSync(source).isDirectory(), made);
  }
  return made;
}

/**
 * Takes the mount points away again where the program left them empty, so that no layer shows them. The parent's time
 * becomes what it was before, or what the program has made of it.
 */
export function removeMountPoints(made: readonly MountPoint[]): void {
  for (const { path, before, after } of [...made].reverse()) {
    const parent = dirname(path);
    const left = mtimeOf(parent);
    if (removeEmpty(path)) setTimes(parent, left === after ? before : left);
  }
}

function makeMissing(rootfs: string, target: string, isDirectory: boolean, made: MountPoint[]): void {
  const names = target.split('/').filter((name) => name !== '');
  names.forEach((_, index) => {
    const path = join(rootfs, ...names.slice(0, index + 1));
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return;
    const before = mtimeOf(dirname(path));
    if (isDirectory || index < names.length - 1) mkdirSync(path, 0o755);
    else closeSync(openSync(path, 'wx', 0o644));
    made.push({ path, before, after: mtimeOf(dirname(path)) });
  });
}

const mtimeOf = (path: string): bigint => lstatSync(path, { bigint: true }).mtimeNs;

function removeEmpty(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true && readdirSync(path).length === 0) rmdirSync(path);
  else if (stats?.isFile() === true && stats.size === 0) unlinkSync(path);
  else return false;
  return true;
}
