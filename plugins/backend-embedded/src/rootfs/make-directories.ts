import { chmodSync, lchownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DockerfileError } from '@strake/api';
import type { Ids } from '@strake/oci';
import type { KeptTimes } from './kept-times';

/** How directories that are missing are made. */
export interface DirectoryOptions {
  readonly mode: number;
  /** 0:0 when absent. */
  readonly owner?: Ids | undefined;
  /** For messages: the path as the Dockerfile has it. */
  readonly shown: string;
}

/** Makes a resolved path's missing directories; those that exist stay as they are, times included. */
export function makeDirectories(path: string, times: KeptTimes, options: DirectoryOptions): void {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  if (stats?.isDirectory() === true) return;
  if (stats !== undefined) throw notDirectory(options.shown);
  const parent = dirname(path);
  makeDirectories(parent, times, options);
  times.keep(parent);
  mkdirSync(path);
  times.made(path);
  if (options.owner !== undefined) lchownSync(path, options.owner.uid, options.owner.gid);
  chmodSync(path, options.mode);
}

function notDirectory(path: string): DockerfileError {
  return new DockerfileError('INVALID_ARGUMENTS', `mkdir ${path}: not a directory`, { hint: 'a part of this path is a file in the image' });
}
