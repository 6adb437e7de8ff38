import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks after boot: tells it from a later one with its number. */
export const startTime = (pid: number): string | undefined => statField(pid, 22);

export const parentOf = (pid: number): number => Number(statField(pid, 4) ?? 0);

/** The arguments of a process, each followed by a zero byte; empty when it has ended. */
export const commandLine = (pid: number): string => readProc(`/proc/${pid}/cmdline`) ?? '';

/** The children of a process' first thread. */
export function childrenOf(pid: number): readonly number[] {
  const children = readProc(`/proc/${pid}/task/${pid}/children`) ?? '';
  return children.split(' ').filter((word) => word !== '').map(Number);
}

/** SIGKILL; false when there is no such process. */
export function killIfThere(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** A field of /proc/PID/stat, counted from 1 as in proc(5); not the first two. */
function statField(pid: number, number: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  // The name, field 2, may hold anything, so fields are counted from its last bracket.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[number - 3];
}

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
