/** Names that a `Ulimit` may have: those of prlimit(2), in small letters. */
export const ULIMIT_NAMES = [
  'core', 'cpu', 'data', 'fsize', 'locks', 'memlock', 'msgqueue', 'nice', 'nofile', 'nproc', 'rss', 'rtprio', 'rttime', 'sigpending', 'stack',
] as const;

/** What a ulimit can be about: names of `ulimit(1)` as docker has them. */
export type UlimitName = (typeof ULIMIT_NAMES)[number];

/** A limit of each process, as setrlimit(2) has it; -1 is no limit. */
export interface Ulimit {
  readonly name: UlimitName;
  readonly soft: number;
  /** Not below `soft`. */
  readonly hard: number;
}

/**
 * What the programs of a build may use, each RUN for itself; the names are those of the Engine API's HostConfig. They are part of no
 * digest and no cache key: a limit decides whether a step ends well, not what it makes.
 */
export interface ResourceLimits {
  /** Bytes. */
  readonly memory?: number;
  /** Bytes of memory and swap together; -1 is no limit of swap. Only with `memory`. */
  readonly memorySwap?: number;
  /** Weight against others, 2 to 262144; 1024 is the usual one. */
  readonly cpuShares?: number;
  /** Microseconds, 1000 to 1000000. */
  readonly cpuPeriod?: number;
  /** Microseconds of each period, 1000 or more; -1 is no limit. */
  readonly cpuQuota?: number;
  /** Processors, as cpuset(7) lists them: `0-2,4`. */
  readonly cpusetCpus?: string;
  /** Memory nodes, in the same way. */
  readonly cpusetMems?: string;
  /** The control group that those of the programs are made in. */
  readonly cgroupParent?: string;
  /** Bytes that /dev/shm can hold. */
  readonly shmSize?: number;
  /** Each name once. */
  readonly ulimits?: readonly Ulimit[];
}
