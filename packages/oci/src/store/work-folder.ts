import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockLiveFile } from './lock-file';
import { randomId } from './random-id';
import { isAbandoned, isSmallFile } from './small-file';

/** A folder of unfinished work, kept from cleaners by a lock for as long as its process lives. */
export interface WorkFolder {
  readonly directory: string;
  /** Removes the folder and all in it. */
  remove(): void;
}

/** Makes a work folder under `parent`. A cleaner may meet it before it is locked; then another one is made. */
export function makeWorkFolder(parent: string): WorkFolder {
  for (;;) {
    const directory = join(parent, randomId());
    mkdirSync(directory, { mode: 0o700 });
    const lock = lockUnlessGone(directory);
    if (lock === undefined) continue;
    return {
      directory,
      remove() {
        rmSync(directory, { recursive: true, force: true });
        lock.release();
      },
    };
  }
}

/** Removes every work folder and small file under `parent` that no living process holds, after `end` for each folder; answers how many. */
export function removeDeadWorkFolders(parent: string, end?: (directory: string) => void): number {
  let removed = 0;
  for (const name of readdirSync(parent)) {
    const path = join(parent, name);
    const lock = isSmallFile(path) ? undefined : lockUnlessGone(path);
    if (lock === undefined && !(isSmallFile(path) && isAbandoned(path))) continue;
    if (lock !== undefined) end?.(path);
    // A process that was just killed may end its last system call now.
    rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    lock?.release();
    removed += 1;
  }
  return removed;
}

/** The work folders and small files under `parent` that no living process holds. */
export function deadWorkFolders(parent: string): readonly string[] {
  const paths = readdirSync(parent).map((name) => join(parent, name));
  return paths.filter((path) => {
    if (isSmallFile(path)) return isAbandoned(path);
    const lock = lockUnlessGone(path);
    lock?.release();
    return lock !== undefined;
  });
}

function lockUnlessGone(directory: string): ReturnType<typeof lockLiveFile> {
  try {
    return lockLiveFile(join(directory, 'lock'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
