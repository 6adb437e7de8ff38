import type { EngineInfo } from '../engine';
import { checkInfo, type AskedOf } from './check-settings';

/** An engine that can do all that engines for Linux can. */
const able: EngineInfo = {
  ID: '', Driver: 'overlay2', DriverStatus: null, Architecture: 'x86_64', OSType: 'linux', ServerVersion: '', SecurityOptions: ['name=apparmor', 'name=seccomp,profile=default'],
  CgroupDriver: 'cgroupfs', MemoryLimit: true, SwapLimit: true, CPUShares: true, CpuCfsPeriod: true, CpuCfsQuota: true, CPUSet: true,
};
const nothing: AskedOf = { limits: {}, securityOptions: [], isolation: undefined };

test.each<[Partial<EngineInfo>, Partial<AskedOf>, string | undefined]>([
  [{}, { limits: { memory: 1, memorySwap: 1, cpuShares: 1, cpuPeriod: 1, cpuQuota: 1, cpusetCpus: '0', cpusetMems: '0', cgroupParent: '/a', shmSize: 1, ulimits: [] } }, undefined],
  [{}, { securityOptions: ['apparmor=own', 'seccomp={}', 'label=disable', 'no-new-privileges'], isolation: 'default' }, undefined],
  [{ MemoryLimit: false }, { limits: { memory: 1 } }, 'limit memory'],
  [{ SwapLimit: false }, { limits: { memory: 1, memorySwap: 1 } }, 'limit memorySwap'],
  [{ SwapLimit: false }, { limits: { memory: 1 } }, undefined],
  [{ CPUShares: false }, { limits: { cpuShares: 2 } }, 'limit cpuShares'],
  [{ CpuCfsPeriod: false }, { limits: { cpuPeriod: 2 } }, 'limit cpuPeriod'],
  [{ CpuCfsQuota: false }, { limits: { cpuQuota: 2 } }, 'limit cpuQuota'],
  [{ CPUSet: false }, { limits: { cpusetMems: '0' } }, 'limit cpusetMems'],
  [{ CgroupDriver: 'systemd' }, { limits: { cgroupParent: '/builds' } }, '"/builds"'],
  [{ CgroupDriver: 'systemd' }, { limits: { cgroupParent: 'builds.slice' } }, undefined],
  [{ CgroupDriver: 'none' }, { limits: { cgroupParent: '/a' } }, 'no control groups'],
  [{ SecurityOptions: null }, { securityOptions: ['apparmor=own'] }, 'no apparmor'],
  [{ SecurityOptions: null }, { securityOptions: ['seccomp={}'] }, 'no seccomp'],
  [{ SecurityOptions: null }, { securityOptions: ['apparmor=unconfined'] }, undefined],
  [{}, { isolation: 'process' }, 'no isolation process'],
])('an engine with %j is asked for %j', (has, asked, message) => {
  const check = (): void => checkInfo({ ...able, ...has }, { ...nothing, ...asked });
  if (message === undefined) expect(check).not.toThrow();
  else expect(check).toThrow(expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining(message) as unknown }));
});
