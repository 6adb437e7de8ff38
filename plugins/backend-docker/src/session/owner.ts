import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** The label that everything temporary of ours has: who made it. */
export const OWNER_LABEL = 'strake.owner';

/** Sessions of this process that have not ended. */
const open = new Set<string>();

/** What the label says of a session of this process. */
export function ownerOf(session: string): string {
  return [machine(), process.pid, startOf(process.pid), session].join(' ');
}

export function beginSession(session: string): void {
  open.add(session);
}

export function endSession(session: string): void {
  open.delete(session);
}

/** Whether whoever made something is gone: a process of this machine that does not run any more, or a session of ours that is over. What other machines made is theirs. */
export function isAbandoned(owner: string): boolean {
  const [place, pid = '', start, session = ''] = owner.split(' ');
  if (place !== machine()) return false;
  if (startOf(Number(pid)) !== start) return true;
  return Number(pid) === process.pid && !open.has(session);
}

/** The machine since it was started, and the processes that we see of it. */
function machine(): string {
  return [hostname(), textOf('/proc/sys/kernel/random/boot_id'), linkOf('/proc/self/ns/pid')].join('/').replace(/\s/g, '');
}

/** When a process was started, so that another one with its number is not taken for it; empty where none runs. */
function startOf(pid: number): string {
  const stat = textOf(`/proc/${pid}/stat`);
  if (stat !== '') return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
  if (process.platform === 'linux') return '';
  try {
    process.kill(pid, 0);
    return 'running';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM' ? 'running' : '';
  }
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
