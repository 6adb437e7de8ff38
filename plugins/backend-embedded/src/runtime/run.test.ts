import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { enterPrivateMountNamespace } from '@strake/syscalls';
import { findRuntime, type Runtime } from '.';

const root = process.getuid?.() === 0;

(root ? describe : describe.skip).each(['crun', 'runc'])('%s', (name) => {
  let folder: string;
  let runtime: Runtime;
  beforeAll(() => {
    enterPrivateMountNamespace();
    folder = mkdtempSync(join(tmpdir(), 'strake-run-'));
    mkdirSync(join(folder, 'rootfs', 'bin'), { recursive: true });
    cpSync('/bin/busybox', join(folder, 'rootfs/bin/busybox'));
    for (const applet of ['sh', 'cat', 'grep', 'date', 'unshare', 'sleep']) symlinkSync('busybox', join(folder, 'rootfs/bin', applet));
    const found = findRuntime({ ...process.env, STRAKE_RUNTIME: name }, { stateRoot: join(folder, 'state'), cacheDirectory: join(folder, 'cache') });
    if ('reason' in found) throw new Error(found.reason);
    runtime = found;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  async function run(args: readonly string[], signal = new AbortController().signal, uid = 0) {
    let output = '';
    const bundle = mkdtempSync(join(folder, 'bundle-'));
    const { exitCode } = await runtime.run({
      id: `t${Date.now()}`, rootfs: join(folder, 'rootfs'), bundle, args, env: ['PATH=/bin'], cwd: '/', user: { uid, gid: uid, additionalGids: [] },
      network: 'default', hostname: 'strake', mounts: [], signal, log: (_, data) => (output += data.toString()),
    });
    return { exitCode, output };
  }

  test.each([
    ['exit codes pass', 'exit 7', 7, ''],
    ['/dev/stdout can be opened', 'echo x > /dev/stdout', 0, 'x\n'],
    ['seccomp filters', 'grep Seccomp: /proc/self/status', 0, 'Seccomp:\t2\n'],
    ['the capabilities are Docker\'s', 'grep CapEff /proc/self/status', 0, 'CapEff:\t00000000a80425fb\n'],
  ])('%s', async (_, script, exitCode, output) => {
    expect(await run(['sh', '-c', script])).toEqual({ exitCode, output });
  });

  test.each([
    ['unshare -m sh', /not permitted/],
    // busybox's date says so but exits with 0.
    ['date -s 2020-01-01', /not permitted/],
    ['echo 1 > /proc/sys/kernel/hostname', /Read-only/],
  ])('%s is refused', async (script, refusal) => {
    expect((await run(['sh', '-c', script])).output).toMatch(refusal);
  });

  test('another user can open /dev/stdout', async () => {
    expect(await run(['sh', '-c', 'echo x > /dev/stdout'], undefined, 1000)).toEqual({ exitCode: 0, output: 'x\n' });
  });

  test('a missing program is 127', async () => {
    expect((await run(['nope'])).exitCode).toBe(127);
  });

  test('an abort ends it and leaves no state and no mount points', async () => {
    await expect(run(['sleep', '60'], AbortSignal.timeout(100))).rejects.toMatchObject({ code: 'CANCELLED' });
    runtime.close();
    expect(readdirSync(join(folder, "state"))).toEqual([]);
    expect(readdirSync(join(folder, 'rootfs'))).toEqual(['bin']);
  });
});
