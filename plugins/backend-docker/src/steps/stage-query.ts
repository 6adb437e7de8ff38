import { formatPlatform, type StageToBuild } from '@strake/api';
import { hostPair } from '../settings/extra-hosts';
import type { StageBuildParts } from './stage-build-parts';

/** The parameters of `POST /build` for a stage. */
export function stageQuery({ noCache, cacheFrom, network, buildArgs, platform }: StageToBuild, dockerfile: string, { extraHosts, limits, keepContainers, own, network: ownNetwork = 'default', isolation }: StageBuildParts): Readonly<Record<string, string | number | boolean | readonly string[] | undefined>> {
  const { memory, memorySwap, cpuShares, cpuPeriod, cpuQuota, cpusetCpus, cpusetMems, cgroupParent, shmSize, ulimits } = limits;
  const wanted = formatPlatform(platform);
  return {
    version: 1, rm: !keepContainers, forcerm: !keepContainers, dockerfile,
    nocache: noCache, networkmode: network === 'default' ? ownNetwork : network, isolation, buildargs: JSON.stringify(buildArgs),
    cachefrom: cacheFrom.length === 0 ? undefined : JSON.stringify(cacheFrom),
    extrahosts: extraHosts.map(hostPair),
    platform: wanted === own ? undefined : wanted,
    memory, memswap: memorySwap, cpushares: cpuShares, cpuperiod: cpuPeriod, cpuquota: cpuQuota, cpusetcpus: cpusetCpus, cpusetmems: cpusetMems, cgroupparent: cgroupParent, shmsize: shmSize,
    ulimits: ulimits === undefined ? undefined : JSON.stringify(ulimits.map(({ name, soft, hard }) => ({ Name: name, Soft: soft, Hard: hard }))),
  };
}
