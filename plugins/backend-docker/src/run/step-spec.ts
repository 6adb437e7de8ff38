import type { ExecOp, ResourceLimits } from '@strake/api';
import { hostPair } from '../settings/extra-hosts';

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
  /** Programs see all of /proc and /sys. */
  readonly allSystemPaths?: boolean;
  readonly isolation?: string;
  /** What the network `default` is; that of the engine unless told. */
  readonly network?: string;
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
  const { network: own = 'default' } = settings;
  const network = op?.network === 'default' ? own : (op?.network ?? 'none');
  const insecure = op?.security === 'insecure';
  const { extraHosts, limits, securityOptions = [], allSystemPaths = false, isolation } = settings;
  return {
    key: JSON.stringify([network, insecure, volumes, tmpfs]),
    hasMounts,
    host: {
      NetworkMode: network,
      LogConfig: { Type: 'none' },
      ...(extraHosts.length > 0 ? { ExtraHosts: extraHosts.map(hostPair) } : {}),
      ...(insecure ? { Privileged: true } : {}),
      ...(securityOptions.length > 0 ? { SecurityOpt: securityOptions } : {}),
      ...(allSystemPaths ? { MaskedPaths: [], ReadonlyPaths: [] } : {}),
      ...(isolation === undefined ? {} : { Isolation: isolation }),
      ...(volumes.length > 0 ? { Mounts: volumes } : {}),
      ...(Object.keys(tmpfs).length > 0 ? { Tmpfs: tmpfs } : {}),
      ...(limits === undefined ? {} : limitsOf(limits)),
    },
  };
}

function limitsOf({ memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, cgroupParent, shmSize, ulimits }: ResourceLimits): Readonly<Record<string, unknown>> {
  const fields = {
    Memory: memory, MemorySwap: memorySwap, CpuShares: cpuShares, CpuPeriod: cpuPeriod, CpuQuota: cpuQuota, CpusetCpus: cpusetCpus, CpusetMems: cpusetMems,
    CgroupParent: cgroupParent, ShmSize: shmSize, Ulimits: ulimits?.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard })),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
