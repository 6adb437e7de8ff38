import type { ResourceLimits } from '@strake/api';
import { checkLimits } from './check-limits';

const all = new Set(['memory', 'memorySwap', 'cpuShares', 'cpuPeriod', 'cpuQuota', 'cpusetCpus', 'cpusetMems', 'cgroupParent', 'shmSize', 'ulimits'] as const);
const nofile = { name: 'nofile', soft: 10, hard: 20 } as const;

test.each<ResourceLimits>([
  {},
  { memory: 6 * 2 ** 20, memorySwap: 6 * 2 ** 20 },
  { memory: 2 ** 40, memorySwap: -1 },
  { cpuShares: 2, cpuPeriod: 1000, cpuQuota: -1, cpusetCpus: '0-2,4', cpusetMems: '0', cgroupParent: '/a.slice', shmSize: 1 },
  { ulimits: [nofile, { name: 'core', soft: -1, hard: -1 }, { name: 'nproc', soft: 5, hard: -1 }] },
])('%j is taken', (limits) => {
  expect(() => checkLimits(limits, { limits: all })).not.toThrow();
});

test.each<[ResourceLimits, string]>([
  [{ memory: 6 * 2 ** 20 - 1 }, 'invalid limit memory 6291455: it is 6 MB at least'],
  [{ memory: NaN }, 'it is a whole number'],
  [{ memorySwap: 2 ** 30 }, 'it needs a limit of memory'],
  [{ memory: 2 ** 30, memorySwap: 2 ** 29 }, 'it counts memory and swap'],
  [{ cpuShares: 1 }, 'it is 2 to 262144'],
  [{ cpuPeriod: 999 }, 'it is 1000 to 1000000'],
  [{ cpuQuota: 999 }, 'it is 1000 microseconds at least, or -1'],
  [{ cpusetCpus: '0-' }, 'it is a list such as 0-2,4'],
  [{ cpusetMems: '' }, 'it is a list such as 0-2,4'],
  [{ cgroupParent: '/a/../b' }, 'without ".."'],
  [{ shmSize: 0 }, 'a number of bytes above 0'],
  [{ ulimits: [{ ...nofile, name: 'files' as 'nofile' }] }, 'the names are core, cpu'],
  [{ ulimits: [{ ...nofile, soft: 21 }] }, 'invalid limit ulimit "nofile=21:20": the soft limit cannot be above the hard one'],
  [{ ulimits: [{ ...nofile, soft: -1 }] }, 'the soft limit cannot be above the hard one'],
  [{ ulimits: [nofile, nofile] }, 'the name is given twice'],
])('%j is refused', (limits, message) => {
  expect(() => checkLimits(limits, { limits: all })).toThrow(expect.objectContaining({ code: 'USAGE', message: expect.stringContaining(message) as string }) as Error);
});

test('what the backend does not have is refused with the reason', () => {
  expect(() => checkLimits({ memory: 2 ** 30 }, { limits: new Set(['ulimits'] as const), limitsHint: 'no cgroups' })).toThrow(
    expect.objectContaining({ code: 'UNSUPPORTED', message: 'the backend has no limit memory', hint: 'no cgroups' }) as Error,
  );
});
