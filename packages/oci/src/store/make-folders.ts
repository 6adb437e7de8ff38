import { OperatorError } from '@strake/api';
import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, step by step: Node's own recursive form never ends where the kernel answers
 * ENOENT to any mkdir, as under /proc. Throws PERMISSION there; else the system's error.
 */
export function makeFolders(path: string, mode: number): void {
  if (isFolder(path)) return;
  const parent = dirname(path);
  if (parent !== path) makeFolders(parent, mode);
  try {
    mkdirSync(path, { mode });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Somebody else may have made it in between.
    if (code === 'EEXIST' && isFolder(path)) return;
    if (code !== 'ENOENT') throw error;
    throw new OperatorError('PERMISSION', `no folder can be made in ${parent}`, { hint: 'Name a store on a disk with --store or STRAKE_STORE.', cause: error });
  }
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}
