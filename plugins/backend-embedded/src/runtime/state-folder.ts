import { closeSync, mkdirSync, mkdtempSync, openSync, readdirSync, renameSync } from 'node:fs';
import { basename, join } from 'node:path';
import { tryLock } from '@strake/syscalls';
import { removeGroups } from '../limits/remove-groups';
import { GROUPS, reclaimContainer, removeState } from './reclaim';
import { Watchdog } from './watchdog';

/**
 * Where one process keeps the state of the containers that it runs: a folder of a state root that others share. The process
 * holds its lock file, so the kernel tells everybody when it is dead.
 */
export interface StateFolder {
  readonly directory: string;
  /** Has a container ended when this process dies; the answer is to be called when the container is gone. `atOnce` also guards the first moments. */
  guard(atOnce: boolean): () => void;
  /** Gives the folder up. No container may run any more. */
  close(): void;
}

const LOCK = 'lock';

/** Makes a folder in a state root, and first ends what dead processes left there. */
export function openStateFolder(stateRoot: string): StateFolder {
  mkdirSync(stateRoot, { recursive: true, mode: 0o700 });
  reclaimContainers(stateRoot);
  // Nobody looks at a name with a dot, so nobody finds the folder before it is locked.
  const fresh = mkdtempSync(`${stateRoot}/.`);
  const lock = openSync(join(fresh, LOCK), 'w');
  tryLock(lock, 'exclusive');
  const directory = join(stateRoot, basename(fresh).slice(1));
  renameSync(fresh, directory);
  const watchdog = new Watchdog(directory);
  return {
    directory,
    guard: (atOnce) => watchdog.watch(atOnce),
    close() {
      watchdog.close();
      removeState(directory);
      closeSync(lock);
    },
  };
}

/** Ends every container that a dead process left in a state root, and removes its state. Those of living ones stay. */
export function reclaimContainers(stateRoot: string): void {
  for (const name of listIfThere(stateRoot)) {
    if (!name.startsWith('.')) reclaimFolder(join(stateRoot, name));
  }
}

function reclaimFolder(directory: string): void {
  const lock = openIfThere(join(directory, LOCK));
  // Somebody was about to remove it.
  if (lock === undefined) return removeState(directory);
  try {
    if (!tryLock(lock, 'exclusive')) return;
    const names = listIfThere(directory);
    for (const id of names) reclaimContainer(directory, id);
    for (const name of names) if (name.endsWith(GROUPS)) removeGroups(join(directory, name));
    removeState(directory);
  } finally {
    closeSync(lock);
  }
}

function openIfThere(file: string): number | undefined {
  try {
    return openSync(file, 'r');
  } catch {
    return undefined;
  }
}

function listIfThere(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
