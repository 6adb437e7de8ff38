import { chmodSync, chownSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DockerfileError } from '@strake/api';
import { selectFiles } from '@strake/context';
import { copyTaken } from '../copy/copy-taken';
import type { OpWork } from '../ops/apply-ops';
import { KeptTimes } from '../rootfs/kept-times';
import type { HeldCacheMount, MountSource } from '../worker/protocol';
import { openTree } from './open-tree';

/** The directory of a cache; a new one gets what it starts with, its mode and its owner. It is complete or not there at all. */
export function openCache({ directory, start, mode, uid, gid }: HeldCacheMount, folder: string, work: OpWork): string {
  const data = join(directory, 'data');
  if (statSync(data, { throwIfNoEntry: false }) !== undefined) return data;
  const fresh = mkdtempSync(`${data}.`);
  const place = join(fresh, 'data');
  try {
    if (start === undefined) mkdirSync(place, { mode: 0o755 });
    else fill(fresh, start, folder, work);
    if (mode !== undefined) chmodSync(place, mode & 0o7777);
    if (uid !== undefined || gid !== undefined) chownSync(place, uid ?? statSync(place).uid, gid ?? statSync(place).gid);
    putInPlace(place, data);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  return data;
}

function putInPlace(place: string, data: string): void {
  try {
    renameSync(place, data);
  } catch (error) {
    // Another program that shares the cache was first.
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
  }
}

function fill(fresh: string, start: MountSource, folder: string, work: OpWork): void {
  const tree = openTree(start, folder, work, 'read');
  try {
    if (!statSync(tree.path).isDirectory()) throw new DockerfileError('INVALID_FLAG', `${start.source} is no directory: a cache cannot start with it`);
    const op = { type: 'copy', input: 0, sources: ['.'], destination: '/data' } as const;
    const { taken } = selectFiles(tree.path, op, { keepOwner: true });
    const times = new KeptTimes();
    copyTaken(op, taken, { source: tree.path, root: fresh, owner: undefined, keepOwner: true, times, since: undefined, check: () => work.check(), progress: () => undefined });
    const { mode, uid, gid } = statSync(tree.path);
    chownSync(join(fresh, 'data'), uid, gid);
    chmodSync(join(fresh, 'data'), mode & 0o7777);
    times.restore();
  } finally {
    tree.release();
  }
}
