import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ResourceLimits } from '@strake/api';
import { enterPrivateMountNamespace } from '@strake/syscalls';
import { openBusyboxRuntime, whyUntested, type BusyboxRuntime } from '../test-support/run-in-busybox';
import { RUNTIME_NAMES } from '../runtime';
import { openControlGroup } from './control-group';
import { findHierarchies, ownFacts } from './hierarchies';
import { possibleLimits } from './possible-limits';
import { removeGroups } from './remove-groups';

const MB = 2 ** 20;
const possible = possibleLimits();
const hierarchies = findHierarchies(ownFacts());
const whyNot = possible.names.has('memory') && hierarchies.get('memory')?.version === 1 ? undefined : 'needs control groups of version 1';

/** All groups of this machine that strake made, by name. */
function groupsLeft(prefix: string): readonly string[] {
  return [...new Set([...hierarchies.values()].map(({ own }) => own))].flatMap((own) => readdirSync(own).filter((name) => name.startsWith(prefix)));
}

const CASES = RUNTIME_NAMES.map((name) => ({ name, reason: whyUntested(name) ?? whyNot }));
const tested = CASES.filter(({ reason }) => reason === undefined);
for (const { name, reason } of CASES) if (reason !== undefined) test.skip(`${name}: ${reason}`, () => undefined);

(tested.length > 0 ? describe.each(tested) : describe.skip.each(CASES))('limits with $name', ({ name }) => {
  let box: BusyboxRuntime;
  beforeAll(() => {
    enterPrivateMountNamespace();
    box = openBusyboxRuntime(name);
  });
  afterAll(() => box.remove());

  const run = (script: string, limits: ResourceLimits, change: object = {}) => box.run(['sh', '-c', script], { limits, id: `strake-limits-${process.pid}`, ...change });

  test.each<[string, ResourceLimits, string]>([
    ['ulimit -n; ulimit -Hn', { ulimits: [{ name: 'nofile', soft: 123, hard: 456 }] }, '123\n456\n'],
    ['ulimit -c; ulimit -Hc', { ulimits: [{ name: 'core', soft: 0, hard: -1 }] }, '0\nunlimited\n'],
    ['df -k /dev/shm | tail -n 1 | tr -s " " | cut -d" " -f2', { shmSize: 3 * MB }, '3072\n'],
    ['grep Cpus_allowed_list /proc/self/status', { cpusetCpus: '0' }, 'Cpus_allowed_list:\t0\n'],
    ['grep -c memory:/.*strake-limits /proc/self/cgroup', { memory: 64 * MB }, '1\n'],
  ])('%s', async (script, limits, output) => {
    expect(await run(script, limits)).toEqual({ exitCode: 0, output });
  });

  test('a program over its memory is ended, and that is known', async () => {
    const { outOfMemory, exitCode } = await box.runtime.run(specOf('dd if=/dev/zero of=/dev/null bs=100M count=1', { memory: 16 * MB }));
    expect(outOfMemory).toBe(true);
    // unshare(1) cannot end itself by SIGKILL as its child did, and says 1.
    expect(name === 'namespaces' ? [1, 137] : [137]).toContain(exitCode);
    expect(groupsLeft(`strake-limits-${process.pid}`)).toEqual([]);
  });

  test('one that keeps to its limit ends well', async () => {
    const { outOfMemory, exitCode } = await box.runtime.run(specOf('dd if=/dev/zero of=/dev/null bs=4M count=1', { memory: 64 * MB, memorySwap: -1, cpuShares: 100, cpuPeriod: 50_000, cpuQuota: 40_000, cpusetMems: '0' }));
    expect({ outOfMemory, exitCode }).toEqual({ outOfMemory: undefined, exitCode: 0 });
  });

  test('after an abort no group is left', async () => {
    const stop = new AbortController();
    const running = run('echo up; sleep 1000', { memory: 64 * MB, cgroupParent: `strake-parent-${process.pid}/below` }, { signal: stop.signal, log: () => stop.abort() });
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(groupsLeft(`strake-limits-${process.pid}`)).toEqual([]);
    expect([...hierarchies.values()].some(({ root }) => existsSync(join(root, `strake-parent-${process.pid}`)))).toBe(false);
  });

  function specOf(script: string, limits: ResourceLimits) {
    return {
      id: `strake-limits-${process.pid}`, rootfs: box.rootfs, bundle: mkdtempSync(join(box.folder, 'bundle-')), args: ['sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: { uid: 0, gid: 0, additionalGids: [] },
      network: 'default' as const, hostname: 'strake', mounts: [], signal: new AbortController().signal, log: () => undefined, limits,
    };
  }
});

(whyNot === undefined ? test : test.skip)('groups of a process that died are removed by their record', () => {
  const folder = mkdtempSync(join(tmpdir(), 'strake-groups-'));
  const record = join(folder, 'record');
  openControlGroup({ memory: 64 * MB, cpuShares: 10, cgroupParent: `strake-dead-${process.pid}` }, { name: 'strake-x', record });
  const place = join(hierarchies.get('memory')?.root ?? '', `strake-dead-${process.pid}`);
  mkdirSync(join(place, 'strake-x', 'nested'));
  removeGroups(record);
  expect([existsSync(place), existsSync(record)]).toEqual([false, false]);
  rmSync(folder, { recursive: true });
});
