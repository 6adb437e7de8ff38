import type { FlagValues } from '../argv/flag';
import { UsageError } from '../argv/usage-error';
import type { BuildOptions } from '../library';
import type { limitFlags } from './limit-flags';
import { parseSize } from './parse-size';

type Limits = NonNullable<BuildOptions['limits']>;
type Flags = FlagValues<typeof limitFlags>;

/** What the flags of limits ask for; 0 of a number, and an empty text, are the default, as with docker. Throws UsageError. */
export function parseLimits(command: string, flags: Flags): Pick<BuildOptions, 'limits'> {
  const number = (name: 'cpu-period' | 'cpu-quota' | 'cpu-shares') => optional(flags[name], (text) => integer(command, name, text));
  const size = (name: 'memory' | 'memory-swap' | 'shm-size') => optional(flags[name], (text) => bytes(command, name, text));
  const given = {
    memory: size('memory'),
    memorySwap: size('memory-swap'),
    cpuShares: number('cpu-shares'),
    cpuPeriod: number('cpu-period'),
    cpuQuota: number('cpu-quota'),
    cpusetCpus: flags['cpuset-cpus'],
    cpusetMems: flags['cpuset-mems'],
    cgroupParent: flags['cgroup-parent'],
    shmSize: size('shm-size'),
    ulimits: flags.ulimit.length === 0 ? undefined : lastOfEach(flags.ulimit.map((text) => parseUlimit(command, text))),
  };
  const limits = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined && value !== 0 && value !== '')) as Limits;
  return Object.keys(limits).length === 0 ? {} : { limits };
}

function optional<T>(text: string | undefined, parse: (text: string) => T): T | undefined {
  return text === undefined ? undefined : parse(text);
}

function integer(command: string, name: string, text: string): number {
  if (!/^-?\d{1,15}$/.test(text)) throw new UsageError(command, `invalid value "${text}" for --${name}`, 'it is a whole number');
  return Number(text);
}

function bytes(command: string, name: string, text: string): number {
  if (name === 'memory-swap' && text === '-1') return -1;
  const size = parseSize(text);
  if (size === undefined) throw new UsageError(command, `invalid value "${text}" for --${name}`, 'a size is a number of bytes, or one with a unit: 512m, 1.5g');
  return size;
}

type Ulimit = NonNullable<Limits['ulimits']>[number];

/** `nofile=1024`, `nofile=1024:2048`; -1 is no limit. Whether there is such a limit is the library's to say. */
function parseUlimit(command: string, text: string): Ulimit {
  const [, name = '', soft, hard = soft] = /^([a-z]+)=(-1|\d{1,15})(?::(-1|\d{1,15}))?$/.exec(text) ?? [];
  if (soft === undefined) throw new UsageError(command, `invalid value "${text}" for --ulimit`, 'the format is name=soft[:hard], for example nofile=1024:2048');
  return { name: name as Ulimit['name'], soft: Number(soft), hard: Number(hard) };
}

function lastOfEach(ulimits: readonly Ulimit[]): readonly Ulimit[] {
  return [...new Map(ulimits.map((one) => [one.name, one])).values()];
}
