import { bind } from './libc';
import { systemError } from './system-error';

const nativeFlock = bind('int flock(int fd, int operation)');
const LOCK = { shared: 1, exclusive: 2 } as const;
const LOCK_NB = 4;
const LOCK_UN = 8;

/**
 * flock(2) without waiting: true when the lock was taken, false when another holder stands against it.
 * The kernel releases it when the descriptor is closed or the process dies, however it dies.
 */
export function tryLock(fd: number, kind: 'shared' | 'exclusive'): boolean {
  if (nativeFlock(fd, LOCK[kind] | LOCK_NB) === 0) return true;
  const error = systemError('flock');
  if (error.code === 'EAGAIN' || error.code === 'EWOULDBLOCK') return false;
  throw error;
}

export function unlock(fd: number): void {
  if (nativeFlock(fd, LOCK_UN) !== 0) throw systemError('flock');
}
