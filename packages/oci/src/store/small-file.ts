import { renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { randomId } from './random-id';

/** How often a file is written again that a cleaner took away: one on another machine, or in another namespace, cannot see who writes. */
const TRIES = 5;

/** Writes a file under a temporary name in `folder` and moves it to `target`. It is there for so short a time that it needs no lock: its name says which process writes it. */
export function writeSmallFile(bytes: Uint8Array | string, folder: string, target: string): void {
  for (let left = TRIES; ; left -= 1) {
    const temporary = join(folder, `${process.pid}.${randomId()}`);
    try {
      writeFileSync(temporary, bytes, { mode: 0o600, flag: 'wx' });
      return renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { force: true });
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || left <= 1) throw error;
    }
  }
}

/** Whether a name in a folder of temporary files is that of a small file. */
export const isSmallFile = (path: string): boolean => /^\d+\./.test(basename(path));

/** Whether the process is gone that was writing it. */
export function isAbandoned(path: string): boolean {
  try {
    process.kill(Number.parseInt(basename(path), 10), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
