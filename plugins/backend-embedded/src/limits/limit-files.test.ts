import { findHierarchies } from './hierarchies';
import { limitFilesV1, limitFilesV2 } from './limit-files';

const MB = 2 ** 20;
const shown = (files: ReturnType<typeof limitFilesV1>) => files.map(({ file, value, optional }) => `${file}=${value}${optional === true ? '?' : ''}`);

test.each([
  [{ memory: 8 * MB }, ['memory.limit_in_bytes=8388608', 'memory.memsw.limit_in_bytes=16777216?'], ['memory.max=8388608', 'memory.swap.max=8388608?']],
  [{ memory: 8 * MB, memorySwap: -1 }, ['memory.limit_in_bytes=8388608'], ['memory.max=8388608']],
  [{ memory: 8 * MB, memorySwap: 9 * MB }, ['memory.limit_in_bytes=8388608', 'memory.memsw.limit_in_bytes=9437184'], ['memory.max=8388608', 'memory.swap.max=1048576']],
  [{ cpuShares: 1024 }, ['cpu.shares=1024'], ['cpu.weight=39']],
  [{ cpuShares: 2 }, ['cpu.shares=2'], ['cpu.weight=1']],
  [{ cpuShares: 262_144 }, ['cpu.shares=262144'], ['cpu.weight=10000']],
  [{ cpuQuota: 50_000 }, ['cpu.cfs_quota_us=50000'], ['cpu.max=50000 100000']],
  [{ cpuPeriod: 1000 }, ['cpu.cfs_period_us=1000'], ['cpu.max=max 1000']],
  [{ cpusetCpus: '0-1', cpusetMems: '0' }, ['cpuset.cpus=0-1', 'cpuset.mems=0'], ['cpuset.cpus=0-1', 'cpuset.mems=0']],
  [{ shmSize: 5 }, [], []],
])('%j', (limits, first, second) => {
  expect([shown(limitFilesV1(limits)), shown(limitFilesV2(limits))]).toEqual([first, second]);
});

const V1 = '30 25 0:26 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct\n31 25 0:27 /docker/x /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n32 25 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n';
const V2 = '29 25 0:25 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n';

test.each([
  [V1, '4:cpu,cpuacct:/a\n3:memory:/docker/x/y\n1:name=systemd:/\n', { cpu: '/sys/fs/cgroup/cpu,cpuacct/a', cpuacct: '/sys/fs/cgroup/cpu,cpuacct/a', memory: '/sys/fs/cgroup/memory/y', 'name=systemd': '/sys/fs/cgroup/systemd/' }],
  [V2, '0::/system.slice/strake.service\n', { cpu: '/sys/fs/cgroup/system.slice/strake.service', memory: '/sys/fs/cgroup/system.slice/strake.service' }],
  ['', '', {}],
])('hierarchies of %j', (mounts, groups, own) => {
  const found = findHierarchies({ mounts, groups, read: () => 'cpu memory\n' });
  expect(Object.fromEntries([...found].map(([controller, hierarchy]) => [controller, hierarchy.own]))).toEqual(own);
});
