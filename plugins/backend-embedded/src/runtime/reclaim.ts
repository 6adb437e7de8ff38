import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { childrenOf, commandLine, killIfThere, parentOf, startTime } from './process-facts';

/** A process that a container dies with. */
interface Holder {
  readonly pid: number;
  readonly start: string;
}

/** Ends one container of a state folder if it still runs, and removes its state. Nothing happens when there is none. */
export function reclaimContainer(directory: string, id: string): void {
  const state = join(directory, id);
  const holder = readHolder(state);
  if (holder !== undefined && holder.start === startTime(holder.pid)) {
    const parent = parentOf(holder.pid);
    // The runtime that waits for the container would, when it ends, make the folder again in order to clean it.
    if (commandLine(parent).split('\0').includes(id)) killIfThere(parent);
    endContainer(holder.pid);
  }
  removeState(state);
  rmSync(pidFile(directory, id), { force: true });
}

/** Removes a directory from which a runtime that outlives its starter may be removing things too. */
export function removeState(directory: string): void {
  rmSync(directory, { recursive: true, force: true, maxRetries: 5, retryDelay: 10 });
}

/** Ends a container: `pid` is its first process, or that one's parent. */
export function endContainer(pid: number): void {
  for (const child of childrenOf(pid)) killIfThere(child);
  killIfThere(pid);
}

/** The file with the number of a container's first process, or of that one's parent; the watchdog reads it. */
export const pidFile = (directory: string, id: string): string => join(directory, `${id}.pid`);

/** The file that lists a container's control groups. */
export const groupFile = (directory: string, id: string): string => join(directory, `${id}${GROUPS}`);

/** How the name of such a file ends. */
export const GROUPS = '.groups';

/** The number in such a file; undefined while there is none. */
export function readPid(file: string): number | undefined {
  const pid = readJson(file);
  return typeof pid === 'number' && pid > 1 ? pid : undefined;
}

/** In a container's state: what is kept where no runtime keeps any. */
const HOLDER_FILE = 'holder.json';

/** Remembers the process that a container dies with. */
export function writeHolder(directory: string, id: string, pid: number): void {
  const state = join(directory, id);
  mkdirSync(state);
  writeFileSync(join(state, HOLDER_FILE), JSON.stringify({ pid, start: startTime(pid) }));
}

function readHolder(state: string): Holder | undefined {
  const crun = readRecord(join(state, 'status'));
  if (crun !== undefined) return { pid: Number(crun['pid']), start: String(crun['process-start-time']) };
  const runc = readRecord(join(state, 'state.json'));
  if (runc !== undefined) return { pid: Number(runc['init_process_pid']), start: String(runc['init_process_start']) };
  const own = readRecord(join(state, HOLDER_FILE));
  return own && { pid: Number(own['pid']), start: String(own['start']) };
}

function readRecord(file: string): Readonly<Record<string, unknown>> | undefined {
  return readJson(file) as Readonly<Record<string, unknown>> | undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as unknown;
  } catch {
    return undefined;
  }
}
