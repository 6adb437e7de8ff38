import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, type RunOptions } from '../engines/run';

/** What one command cost: seconds on the clock, and CPU seconds (user + system) of it and of its daemon. */
export interface Cost {
  readonly wall: number;
  readonly cpu: number;
}

/** Where the kernel accounts CPU time per group: version 1 with its own hierarchy, or version 2. */
const hierarchies = [
  { folder: '/sys/fs/cgroup/cpuacct', file: 'cpuacct.usage', toSeconds: (text: string): number => Number(text) / 1e9 },
  { folder: '/sys/fs/cgroup', file: 'cpu.stat', toSeconds: (text: string): number => Number(/usage_usec (\d+)/.exec(text)?.[1] ?? 0) / 1e6 },
] as const;

const hierarchy = hierarchies.find(({ folder, file }) => existsSync(join(folder, file)));

/** A group of processes whose CPU time is counted, dead ones included. */
export interface CpuGroup {
  readonly procs: string;
  seconds(): number;
  close(): void;
}

/** Makes one; needs root. */
export function makeCpuGroup(name: string): CpuGroup {
  if (hierarchy === undefined) throw new Error('this machine counts no CPU time per cgroup');
  const folder = join(hierarchy.folder, `strake-bench-${process.pid}-${name}`);
  mkdirSync(folder, { recursive: true });
  return {
    procs: join(folder, 'cgroup.procs'),
    seconds: () => hierarchy.toSeconds(readFileSync(join(folder, hierarchy.file), 'utf8')),
    close: () => {
      try {
        rmdirSync(folder);
      } catch {
        // A process that has not ended yet keeps its group; it costs nothing.
      }
    },
  };
}

/** Runs a command in a group of its own and counts it and the daemon's group; throws when it fails. */
export async function measure(command: readonly string[], daemon: CpuGroup | undefined, options: RunOptions): Promise<Cost> {
  const group = makeCpuGroup(`run-${Date.now()}`);
  const before = daemon?.seconds() ?? 0;
  const started = performance.now();
  const finished = await run(['/bin/sh', '-c', `echo $$ > ${group.procs} && exec "$@"`, '-', ...command], { timeout: 600_000, ...options });
  const wall = (performance.now() - started) / 1000;
  const cpu = group.seconds() + (daemon?.seconds() ?? 0) - before;
  group.close();
  if (finished.code !== 0) throw new Error(`${command.join(' ')}: ${finished.code}\n${finished.output.slice(-2000)}`);
  return { wall, cpu };
}

/** Puts a running daemon, and all it starts from now on, into a group. */
export function adopt(group: CpuGroup, pid: number): void {
  writeFileSync(group.procs, String(pid));
}

/** The middle value; of an even number, the lower of the two in the middle. */
export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor((values.length - 1) / 2)] ?? NaN;
}
