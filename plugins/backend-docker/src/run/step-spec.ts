import type { ExecOp, ResourceLimits } from '@strake/api';

/** What a container for steps is made with, besides its image. Two steps with equal keys can share a container. */
export interface StepSpec {
  readonly key: string;
  /** It has volumes: what stands at their places is hidden while it runs, and whenever files are put into it. */
  readonly hasMounts: boolean;
  /** `HostConfig` of the Engine API. */
  readonly host: Readonly<Record<string, unknown>>;
}

/** What is the same for all containers of a build. */
export interface StepSettings {
  readonly extraHosts: readonly string[];
  readonly limits?: ResourceLimits;
  readonly securityOptions?: readonly string[];
  readonly isolation?: string;
}

/** What a container shows besides its image. */
export interface StepVolumes {
  /** `HostConfig.Mounts` */
  readonly volumes: readonly object[];
  /** `HostConfig.Tmpfs`: options by place. */
  readonly tmpfs: Readonly<Record<string, string>>;
}

const NONE: StepVolumes = { volumes: [], tmpfs: {} };

/** The container that a program needs; that of files alone has no network. */
export function stepSpec(op: ExecOp | undefined, settings: StepSettings, { volumes, tmpfs }: StepVolumes = NONE): StepSpec {
  const hasMounts = volumes.length > 0 || Object.keys(tmpfs).length > 0;
  const network = op?.network ?? 'none';
  const insecure = op?.security === 'insecure';
  const { extraHosts, limits, securityOptions = [], isolation } = settings;
  return {
    key: JSON.stringify([network, insecure, volumes, tmpfs]),
    hasMounts,
    host: {
      NetworkMode: network,
      LogConfig: { Type: 'none' },
      ...(extraHosts.length > 0 ? { ExtraHosts: extraHosts.map(hostPair) } : {}),
      ...(insecure ? { Privileged: true } : {}),
      ...(securityOptions.length > 0 ? { SecurityOpt: securityOptions } : {}),
      ...(isolation === undefined ? {} : { Isolation: isolation }),
      ...(volumes.length > 0 ? { Mounts: volumes } : {}),
      ...(Object.keys(tmpfs).length > 0 ? { Tmpfs: tmpfs } : {}),
      ...(limits === undefined ? {} : limitsOf(limits)),
    },
  };
}

/** `db=10.0.0.1` and `db:[::1]` as the engine wants them. */
function hostPair(pair: string): string {
  const at = pair.search(/[:=]/);
  return `${pair.slice(0, at)}:${pair.slice(at + 1).replace(/^\[(.*)\]$/, '$1')}`;
}

function limitsOf({ memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, cgroupParent, shmSize, ulimits }: ResourceLimits): Readonly<Record<string, unknown>> {
  const fields = {
    Memory: memory, MemorySwap: memorySwap, CpuShares: cpuShares, CpuPeriod: cpuPeriod, CpuQuota: cpuQuota, CpusetCpus: cpusetCpus, CpusetMems: cpusetMems,
    CgroupParent: cgroupParent, ShmSize: shmSize, Ulimits: ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
