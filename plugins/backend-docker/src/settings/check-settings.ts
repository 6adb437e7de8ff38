import { OperatorError, type ResourceLimits } from '@strake/api';
import type { EngineClient, EngineInfo } from '../engine';
import type { StepSettings } from '../run/step-spec';
import { checkNetwork } from './check-network';
import { hostPair } from './extra-hosts';
import { nameOf, valueOf } from './security-options';

/** What an engine says of a limit that it can set; where it cannot it would leave the limit away, and say so in its own log. */
const ABLE: { readonly [K in keyof ResourceLimits]?: keyof EngineInfo } = {
  memory: 'MemoryLimit', memorySwap: 'SwapLimit', cpuShares: 'CPUShares', cpuPeriod: 'CpuCfsPeriod', cpuQuota: 'CpuCfsQuota', cpusetCpus: 'CPUSet', cpusetMems: 'CPUSet',
};

/** Refuses what this engine would not do for the programs of a build, before anything runs. It is asked only when there is something to ask. Throws UNSUPPORTED, USAGE. */
export async function checkSettings(settings: StepSettings, client: EngineClient): Promise<void> {
  const { extraHosts, limits = {}, securityOptions = [], isolation, network } = settings;
  for (const pair of extraHosts) hostPair(pair);
  await Promise.all([
    network === undefined ? undefined : checkNetwork(network, extraHosts, client),
    Object.keys(limits).length === 0 && securityOptions.length === 0 && isolation === undefined ? undefined : client.info().then((info) => checkInfo(info, { limits, securityOptions, isolation })),
  ]);
}

/** What an engine's `/info` is compared with. */
export interface AskedOf {
  readonly limits: ResourceLimits;
  readonly securityOptions: readonly string[];
  readonly isolation: string | undefined;
}

/** Throws UNSUPPORTED. */
export function checkInfo(info: EngineInfo, { limits, securityOptions, isolation }: AskedOf): void {
  for (const [name, able] of Object.entries(ABLE)) {
    if (limits[name as keyof ResourceLimits] !== undefined && info[able] !== true) throw lacks(`cannot limit ${name}`, 'Its control groups decide that: docker info says what they lack.');
  }
  checkCgroupParent(limits.cgroupParent, info);
  for (const option of securityOptions) checkSecurity(option, info.SecurityOptions ?? []);
  if (isolation !== undefined && isolation !== 'default' && info.OSType !== 'windows') throw lacks(`has no isolation ${isolation}`, 'Engines for Linux have "default" alone.');
}

function checkCgroupParent(parent: string | undefined, { CgroupDriver: driver }: EngineInfo): void {
  if (parent === undefined) return;
  if (driver === 'none') throw lacks('has no control groups', 'It runs without root, and systemd lets it have none.');
  if (driver === 'systemd' && !parent.endsWith('.slice')) throw lacks(`cannot make control groups in "${parent}"`, 'systemd makes them: the name is that of a slice, such as builds.slice.');
}

/** An engine that has no AppArmor or SELinux starts programs without, whatever it is told. */
function checkSecurity(option: string, has: readonly string[]): void {
  const name = { apparmor: 'apparmor', seccomp: 'seccomp', label: 'selinux' }[nameOf(option)];
  const asksNothing = ['unconfined', 'disable'].includes(valueOf(option));
  if (name === undefined || asksNothing || has.some((entry) => entry.split(',').includes(`name=${name}`))) return;
  throw lacks(`has no ${name}`, `Nothing would come of ${nameOf(option)}=${valueOf(option).slice(0, 40)}.`);
}

function lacks(what: string, hint: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `the Docker Engine ${what}`, { hint });
}
