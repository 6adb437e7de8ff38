import { readFileSync } from 'node:fs';

/** When a process started, in clock ticks after boot (field 22 of /proc/PID/stat): tells it from a later one with its number. */
export function startTime(pid: number): string | undefined {
  const stat = readProc(`/proc/${pid}/stat`);
  // The name, field 2, may hold anything, so fields are counted from its last bracket.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

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

function readProc(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
