import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What an ended build must not leave: processes that work in a store, mounts below it, unfinished work in its tmp folder. */
export interface LeftOvers {
  readonly processes: readonly string[];
  readonly mounts: readonly string[];
  readonly unfinished: readonly string[];
}

/** Looks for left-overs of a store; the caller's own process is not one. */
export function leftOvers(store: string): LeftOvers {
  const tmp = join(store, 'tmp');
  return {
    processes: readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => worksIn(pid, store)),
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n').filter((line) => (line.split(' ')[1] ?? '').startsWith(`${store}/`)),
    unfinished: existsSync(tmp) ? readdirSync(tmp) : [],
  };
}

/** A process belongs to a store when its command line or any of its mounts does. */
function worksIn(pid: string, store: string): readonly string[] {
  try {
    const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    const mounts = readFileSync(`/proc/${pid}/mounts`, 'utf8');
    return command.includes(store) || mounts.includes(`${store}/`) ? [`${pid} ${command}`] : [];
  } catch {
    return [];
  }
}
