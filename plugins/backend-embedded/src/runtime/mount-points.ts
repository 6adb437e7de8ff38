import { lstatSync, readdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimes } from '@strake/syscalls';
import type { RunSpec } from './run-spec';

/** A mount point that is not in the root file system before a run, and the directory that will hold it. */
export interface MissingMountPoint {
  readonly path: string;
  readonly parent: string;
  /** Nanoseconds since the epoch. */
  readonly parentMtime: bigint;
}

const KERNEL_MOUNT_POINTS = ['/dev', '/proc', '/sys'];

/** Lists what a runtime will add to the root file system to mount on, parents first. */
export function missingMountPoints(spec: Pick<RunSpec, 'rootfs' | 'mounts'>): readonly MissingMountPoint[] {
  const targets = spec.mounts.map((mount) => mount.target).filter((target) => !target.startsWith('/dev/'));
  const paths = [...KERNEL_MOUNT_POINTS, ...targets].flatMap((target) => withParents(spec.rootfs, target));
  return [...new Set(paths)].flatMap((path) => {
    const parent = dirname(path);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) return [];
    return [{ path, parent, parentMtime: lstatSync(parent, { bigint: true, throwIfNoEntry: false })?.mtimeNs ?? 0n }];
  });
}

/** Takes the added mount points away again where the program left them empty, so that no layer shows them. */
export function removeMountPoints(added: readonly MissingMountPoint[]): void {
  for (const point of [...added].reverse()) {
    if (removeEmpty(point.path) && point.parentMtime !== 0n) setTimes(point.parent, point.parentMtime);
  }
}

function withParents(rootfs: string, target: string): readonly string[] {
  const names = target.split('/').filter((name) => name !== '');
  return names.map((_, index) => join(rootfs, ...names.slice(0, index + 1)));
}

function removeEmpty(path: string): boolean {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true && readdirSync(path).length === 0) rmdirSync(path);
  else if (stats?.isFile() === true && stats.size === 0) unlinkSync(path);
  else return false;
  return true;
}
