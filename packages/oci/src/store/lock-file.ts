import { tryLock } from '@strake/syscalls';
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';

/** A held lock. The kernel lets go of it when the process dies, however it dies. */
export interface HeldLock {
  release(): void;
}

/** Takes a lock on a file without waiting; undefined when another holder stands against it. Throws ENOENT when its folder is gone. */
export function lockFile(path: string, kind: 'shared' | 'exclusive'): HeldLock | undefined {
  const fd = openSync(path, 'a', 0o600);
  if (tryLock(fd, kind)) return { release: once(() => closeSync(fd)) };
  closeSync(fd);
  return undefined;
}

/**
 * As `lockFile`, exclusive, for files that a cleaner may remove at any time: undefined also when the file that was
 * locked is no longer the one at `path`.
 */
export function lockLiveFile(path: string): HeldLock | undefined {
  const fd = openSync(path, 'a', 0o600);
  if (tryLock(fd, 'exclusive') && stillThere(fd, path)) return { release: once(() => closeSync(fd)) };
  closeSync(fd);
  return undefined;
}

function stillThere(fd: number, path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.ino === fstatSync(fd).ino;
}

function once(action: () => void): () => void {
  let done = false;
  return () => {
    if (!done) action();
    done = true;
  };
}
