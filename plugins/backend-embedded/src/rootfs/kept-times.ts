import { lstatSync } from 'node:fs';
import { encodePath } from '@strake/context';
import { setTimes } from '@strake/syscalls';

/**
 * Modification times of directories that were there before. Writing into one changes its time, and the hour of the
 * build would get into the layer; `restore` puts the old time back.
 */
export class KeptTimes {
  private readonly times = new Map<string, bigint>();
  private readonly own = new Set<string>();

  /** To be called before something is made in or removed from a directory. */
  keep(directory: string): void {
    if (this.own.has(directory) || this.times.has(directory)) return;
    this.times.set(directory, lstatSync(encodePath(directory), { bigint: true }).mtimeNs);
  }

  /** A directory that this work has made: its time is not kept. */
  made(directory: string): void {
    this.own.add(directory);
  }

  /** A directory's time was set on purpose. */
  set(directory: string, time: bigint): void {
    this.times.set(directory, time);
  }

  restore(): void {
    for (const [directory, time] of this.times) setTimes(encodePath(directory), time);
    this.times.clear();
  }
}
