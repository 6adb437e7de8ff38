import { chmodSync, lchownSync, lstatSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MkdirOp, MkfileOp } from '@strake/api';
import { conflict } from '../copy/conflict';
import { findOwner } from '../rootfs/find-owner';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import type { OpWork } from './apply-ops';

/** Makes a directory with its parents. One that exists stays as it is. */
export function applyMkdir({ path, mode, owner }: MkdirOp, { root, times }: OpWork): void {
  const ids = owner === undefined ? undefined : findOwner(root, owner);
  makeDirectories(resolveInRoot(root, path), times, { mode: mode & 0o777, owner: ids, shown: path });
}

/** Writes a file, and the parents that it lacks, all with the same owner. */
export function applyMkfile({ path, content, mode, owner, parentMode = 0o755 }: MkfileOp, { root, times }: OpWork): void {
  const ids = owner === undefined ? { uid: 0, gid: 0 } : findOwner(root, owner);
  const target = resolveInRoot(root, path);
  makeDirectories(dirname(target), times, { mode: parentMode, owner: ids, shown: path });
  if (lstatSync(target, { throwIfNoEntry: false })?.isDirectory() === true) throw conflict(`cannot replace to directory ${path} with file`);
  times.keep(dirname(target));
  writeFileSync(target, content);
  lchownSync(target, ids.uid, ids.gid);
  chmodSync(target, mode & 0o7777);
}
