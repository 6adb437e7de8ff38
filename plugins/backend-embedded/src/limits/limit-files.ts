import type { ResourceLimits } from '@strake/api';

/** A value for a file of a control group. */
export interface LimitFile {
  readonly controller: string;
  readonly file: string;
  readonly value: string;
  /** Nobody asked for it: left out where the kernel has no such file. */
  readonly optional?: true;
}

/** What is written for limits where controllers are of version 1, in this order (kernel documentation, cgroup-v1). */
export function limitFilesV1({ memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems }: ResourceLimits): readonly LimitFile[] {
  return [
    ...one('memory', 'memory.limit_in_bytes', memory),
    ...swap('memory.memsw.limit_in_bytes', memory, memorySwap, (value) => value),
    ...one('cpu', 'cpu.shares', cpuShares),
    ...one('cpu', 'cpu.cfs_period_us', cpuPeriod),
    ...one('cpu', 'cpu.cfs_quota_us', cpuQuota),
    ...one('cpuset', 'cpuset.cpus', cpusetCpus),
    ...one('cpuset', 'cpuset.mems', cpusetMems),
  ];
}

/** The same for version 2 (kernel documentation, cgroup-v2). */
export function limitFilesV2({ memory, memorySwap, cpuShares, cpuPeriod = 100_000, cpuQuota = -1, cpusetCpus, cpusetMems }: ResourceLimits): readonly LimitFile[] {
  const bandwidth = cpuPeriod === 100_000 && cpuQuota === -1 ? undefined : `${cpuQuota === -1 ? 'max' : cpuQuota} ${cpuPeriod}`;
  return [
    ...one('memory', 'memory.max', memory),
    ...swap('memory.swap.max', memory, memorySwap, (value, used) => value - used),
    ...one('cpu', 'cpu.weight', cpuShares === undefined ? undefined : weightOf(cpuShares)),
    ...one('cpu', 'cpu.max', bandwidth),
    ...one('cpuset', 'cpuset.cpus', cpusetCpus),
    ...one('cpuset', 'cpuset.mems', cpusetMems),
  ];
}

function one(controller: string, file: string, value: string | number | undefined): readonly LimitFile[] {
  return value === undefined ? [] : [{ controller, file, value: String(value) }];
}

/** As in Docker, where nothing is said memory and swap together are twice the memory. */
function swap(file: string, memory: number | undefined, wanted: number | undefined, shown: (swap: number, memory: number) => number): readonly LimitFile[] {
  if (memory === undefined || wanted === -1) return [];
  const value = String(shown(wanted ?? memory * 2, memory));
  return [{ controller: 'memory', file, value, ...(wanted === undefined ? { optional: true as const } : {}) }];
}

/** From shares, 2 to 262144, to a weight, 1 to 10000, as every OCI runtime does. */
function weightOf(shares: number): number {
  return 1 + Math.floor(((shares - 2) * 9999) / 262_142);
}
