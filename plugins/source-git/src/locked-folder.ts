import { CancelledError } from '@strake/api';
import { tryLock } from '@strake/syscalls';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';

/** Milliseconds between two tries. */
const AGAIN = 50;

/** Does work while no other process, and no other work of this one, has the folder. Waits for as long as the signal lets it. Throws CANCELLED. */
export async function withLockedFolder<T>(folder: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const fd = openSync(join(folder, 'lock'), 'a', 0o600);
  try {
    while (!tryLock(fd, 'exclusive')) await pause(signal);
    return await work();
  } finally {
    closeSync(fd);
  }
}

async function pause(signal: AbortSignal): Promise<void> {
  try {
    await wait(AGAIN, undefined, { signal });
  } catch (cause) {
    throw new CancelledError({ cause });
  }
}
