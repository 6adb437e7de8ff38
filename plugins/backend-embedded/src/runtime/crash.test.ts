import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { openBusyboxRuntime, processesWith, whyUntested, type BusyboxRuntime } from '../test-support/run-in-busybox';
import { reclaimContainers, RUNTIME_NAMES } from '.';

const PACKAGE = join(__dirname, '..', '..');

/** Runs a program from a worker thread with mounts of its own, as builds do. */
const PROGRAM = `
const { Worker, isMainThread, workerData } = require('node:worker_threads');
const [, folder, name, script] = isMainThread ? process.argv : workerData;
if (isMainThread) new Worker(process.env.PROGRAM, { eval: true, workerData: process.argv, trackUnmanagedFds: false });
else {
  require('@strake/syscalls').enterPrivateMountNamespace();
  const { findRuntime } = require('./dist/runtime');
  const bundle = require('node:fs').mkdtempSync(folder + '/bundle-');
  findRuntime({ ...process.env, STRAKE_RUNTIME: name }, { stateRoot: folder + '/state', cacheDirectory: folder + '/cache' }).run({
    id: 'crash', rootfs: folder + '/rootfs', bundle, args: ['sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: { uid: 0, gid: 0, additionalGids: [] },
    network: 'default', hostname: 'strake', mounts: [], signal: new AbortController().signal, log: (_, data) => require('node:fs').writeSync(1, data),
  });
}`;

const tested = RUNTIME_NAMES.filter((name) => whyUntested(name) === undefined);

(tested.length > 0 ? describe.each(tested) : describe.skip.each(RUNTIME_NAMES))('%s after kill -9', (name) => {
  let box: BusyboxRuntime;
  beforeAll(() => (box = openBusyboxRuntime(name)));
  afterAll(() => box.remove());

  async function crash(script: string): Promise<void> {
    const child: ChildProcess = spawn(process.execPath, ['-e', PROGRAM, box.folder, name, script], { cwd: PACKAGE, env: { ...process.env, PROGRAM }, stdio: ['ignore', 'pipe', 'inherit'] });
    if (child.stdout === null) throw new Error('no output');
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  const mark = (): string => `8${process.pid}${Math.floor(Math.random() * 1e6)}`;

  async function gone(marker: string): Promise<void> {
    while (processesWith(marker).length > 0) await setImmediate();
  }

  test('the next process reclaims what runs', async () => {
    const marker = mark();
    await crash(`echo up; sleep ${marker}; true`);
    reclaimContainers(join(box.folder, 'state'));
    await gone(marker);
    expect(readdirSync(join(box.folder, 'state'))).toEqual([]);
  });

  test('the watchdog ends what has run for a while', async () => {
    const marker = mark();
    await crash(`sleep 0.5; echo up; sleep ${marker}; true`);
    await gone(marker);
    await gone(box.folder);
    reclaimContainers(join(box.folder, 'state'));
    expect(readdirSync(join(box.folder, 'state'))).toEqual([]);
  });
});
