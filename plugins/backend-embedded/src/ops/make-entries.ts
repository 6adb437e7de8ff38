import { chmodSync, lchownSync, lstatSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { MkdirOp, MkfileOp } from '@strake/api';
import { conflict } from '../copy/conflict';
import { findOwner } from '@strake/oci';
import { accountsOf } from '../rootfs/account-files';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { warnUnknownName } from '../rootfs/warn-unknown-name';
import type { OpWork } from './apply-ops';

/** Makes a directory with its parents. One that exists stays as it is. */
export function applyMkdir({ path, mode, owner }: MkdirOp, work: OpWork): void {
  const { root, times } = work;
  const ids = owner === undefined ? undefined : findOwner(accountsOf(root), owner, warnUnknownName(work));
  makeDirectories(resolveInRoot(root, path), times, { mode: mode & 0o777, owner: ids, shown: path });
}

/** Writes a file, and the parents that it lacks, all with the same owner. */
export function applyMkfile({ path, name, content, mode, owner, parentMode = 0o755 }: MkfileOp, work: OpWork): void {
  const { root, times } = work;
  const ids = owner === undefined ? { uid: 0, gid: 0 } : findOwner(accountsOf(root), owner, warnUnknownName(work));
  const place = resolveInRoot(root, path);
  const target = name !== undefined && isDirectory(place) ? `${place}/${name}` : place;
  makeDirectories(dirname(target), times, { mode: parentMode, owner: ids, shown: path });
  if (isDirectory(target)) throw conflict(`cannot replace to directory ${path} with file`);
  times.keep(dirname(target));
  // Never through a link, nor into a file that has other names.
  rmSync(target, { force: true });
  writeFileSync(target, content);
  lchownSync(target, ids.uid, ids.gid);
  chmodSync(target, mode & 0o7777);
}

const isDirectory = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
