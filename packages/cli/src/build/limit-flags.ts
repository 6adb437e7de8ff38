import type { FlagSpecs } from '../argv/flag';

/** The flags that limit what RUN may use; names and texts are those of docker's own builder and of buildx. */
export const limitFlags = {
  'cgroup-parent': { type: 'string', placeholder: 'string', summary: 'Set the parent cgroup for the "RUN" instructions during build' },
  'cpu-period': { type: 'string', placeholder: 'int', summary: 'Limit the CPU CFS (Completely Fair Scheduler) period' },
  'cpu-quota': { type: 'string', placeholder: 'int', summary: 'Limit the CPU CFS (Completely Fair Scheduler) quota' },
  'cpu-shares': { type: 'string', short: 'c', placeholder: 'int', summary: 'CPU shares (relative weight)' },
  'cpuset-cpus': { type: 'string', placeholder: 'string', summary: 'CPUs in which to allow execution (0-3, 0,1)' },
  'cpuset-mems': { type: 'string', placeholder: 'string', summary: 'MEMs in which to allow execution (0-3, 0,1)' },
  memory: { type: 'string', short: 'm', placeholder: 'bytes', summary: 'Memory limit' },
  'memory-swap': { type: 'string', placeholder: 'bytes', summary: 'Swap limit equal to memory plus swap: -1 to enable unlimited swap' },
  'shm-size': { type: 'string', placeholder: 'bytes', summary: 'Shared memory size of "/dev/shm"', default: '64m' },
  ulimit: { type: 'list', placeholder: 'ulimit', summary: 'Ulimit options (format: "name=soft[:hard]")' },
} as const satisfies FlagSpecs;
