import { lutimesSync } from 'node:fs';
import { encodePath } from '@strake/context';
import { setTimes } from '@strake/syscalls';

/** Sets a modification time, to the nanosecond where the name is UTF-8. */
export function setEntryTimes(target: string, mtime: bigint): void {
  const path = encodePath(target);
  if (typeof path === 'string') {
    setTimes(path, mtime);
    return;
  }
  const seconds = Number(mtime / 1_000_000n) / 1000;
  lutimesSync(path, seconds, seconds);
}
