import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** The first process of a container; its start time tells it from a later process with the same number. */
interface InitProcess {
  readonly pid: number;
  /** Clock ticks after boot: field 22 of /proc/PID/stat. */
  readonly start: string;
}

/** Ends every container that a dead strake left in a state root, and removes its state. The caller knows that nobody uses it. */
export function reclaimContainers(stateRoot: string): void {
  for (const id of listIfThere(stateRoot)) reclaimContainer(stateRoot, id);
}

/** Ends one container if it still runs, and removes its state. Nothing happens when there is none. */
export function reclaimContainer(stateRoot: string, id: string): void {
  const folder = join(stateRoot, id);
  const init = readInit(folder);
  if (init !== undefined && init.start === startTime(init.pid)) killIfThere(init.pid);
  rmSync(folder, { recursive: true, force: true });
}

function readInit(folder: string): InitProcess | undefined {
  const crun = readJson(join(folder, 'status'));
  if (crun !== undefined) return { pid: Number(crun['pid']), start: String(crun['process-start-time']) };
  const runc = readJson(join(folder, 'state.json'));
  return runc && { pid: Number(runc['init_process_pid']), start: String(runc['init_process_start']) };
}

function startTime(pid: number): string | undefined {
  const stat = readIfThere(`/proc/${pid}/stat`);
  // The name, field 2, may hold anything, so fields are counted from its last bracket.
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
}

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function readJson(file: string): Readonly<Record<string, unknown>> | undefined {
  const text = readIfThere(file);
  try {
    return text === undefined ? undefined : (JSON.parse(text) as Record<string, unknown>);
  } catch {
    return undefined;
  }
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function listIfThere(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
