import { createHash } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { enterPrivateMountNamespace } from '@strake/syscalls';
import { openBusyboxRuntime, processesWith, whyUntested, type BusyboxRuntime } from '../test-support/run-in-busybox';
import { RUNTIME_NAMES } from '.';

const CASES = RUNTIME_NAMES.map((name) => ({ name, reason: whyUntested(name) }));
const tested = CASES.filter(({ reason }) => reason === undefined);

for (const { name, reason } of CASES) if (reason !== undefined) test.skip(`${name}: ${reason}`, () => undefined);

(tested.length > 0 ? describe.each(tested) : describe.skip.each(CASES))('$name', ({ name }) => {
  let box: BusyboxRuntime;
  beforeAll(() => {
    enterPrivateMountNamespace();
    box = openBusyboxRuntime(name);
  });
  afterAll(() => box.remove());

  test.each([
    ['exit codes pass', 'exit 7', 7, ''],
    ['a signal is 128 + its number', "sh -c 'kill -15 $$; true'; exit $?", 143, /^(Terminated\n)?$/],
    ['/dev/stdout can be opened', 'echo x > /dev/stdout', 0, 'x\n'],
    ['seccomp filters', 'grep Seccomp: /proc/self/status', 0, name === 'namespaces' ? 'Seccomp:\t0\n' : 'Seccomp:\t2\n'],
    ["the capabilities are Docker's", 'grep -h CapEff /proc/self/status', 0, 'CapEff:\t00000000a80425fb\n'],
    ['so is their bound', 'grep -h CapBnd /proc/self/status', 0, 'CapBnd:\t00000000a80425fb\n'],
    ['privileges can be gained', 'grep NoNewPrivs /proc/self/status', 0, 'NoNewPrivs:\t0\n'],
    ['the program is process 1', 'echo $$', 0, '1\n'],
    ['the environment is the given one', 'env | grep -v -e PWD -e SHLVL -e HOME', 0, 'PATH=/bin\n'],
    ['kernel memory is masked', 'cat /proc/kcore 2>/dev/null | wc -c', 0, '0\n'],
    ['devices', 'ls /dev', 0, /^(console\n)?(core\n)?fd\nfull\nmqueue\nnull\nptmx\npts\nrandom\nshm\nstderr\nstdin\nstdout\ntty\nurandom\nzero\n$/],
    ['the hostname', 'uname -n', 0, 'strake\n'],
    ['the umask', 'umask', 0, '0022\n'],
    ['nothing above the root', 'ls -d /../home /proc/1/root/home 2>/dev/null | wc -l', 0, '0\n'],
    ['a child that outlives the program does not keep the run', 'sleep 1000 & exit 3', 3, ''],
  ])('%s', async (_, script, exitCode, output) => {
    const result = await box.run(['sh', '-c', script]);
    expect(result).toEqual({ exitCode, output: typeof output === 'string' ? output : expect.stringMatching(output) as string });
  });

  test.each([
    ['unshare -m sh', /not permitted/],
    ['mount -t tmpfs none /tmp', /not permitted|denied|are you root/],
    // busybox's date says so but exits with 0.
    ['date -s 2020-01-01', /not permitted/],
    ['echo 1 > /proc/sys/kernel/hostname', /Read-only/],
    ['touch /sys/x', /Read-only/],
  ])('%s is refused', async (script, refusal) => {
    expect((await box.run(['sh', '-c', script])).output).toMatch(refusal);
  });

  test('no signal is ignored: Node ignores SIGPIPE, and children would inherit it', async () => {
    expect(await box.run(['grep', 'SigIgn', '/proc/self/status'])).toEqual({ exitCode: 0, output: 'SigIgn:\t0000000000000000\n' });
  });

  test('another user has its groups, its directory and /dev/stdout', async () => {
    const user = { uid: 1000, gid: 1001, additionalGids: [7, 8] };
    expect(await box.run(['sh', '-c', 'echo $(id -u) $(id -g) $(id -G) $PWD $(grep CapEff /proc/self/status) > /dev/stdout'], { user, cwd: '/tmp' })).toEqual({
      exitCode: 0, output: '1000 1001 1001 7 8 /tmp CapEff: 0000000000000000\n',
    });
  });

  test.each([
    ['nope', 127, 'exec: "nope": executable file not found in $PATH\n'],
    ['/nope', 127, 'exec: "/nope": stat /nope: no such file or directory\n'],
    ['/etc/passwd', 126, 'exec: "/etc/passwd": permission denied\n'],
  ])('%s cannot be started: %d', async (program, exitCode, output) => {
    expect(await box.run([program])).toEqual({ exitCode, output });
  });

  test('without a network there is the loopback device, up', async () => {
    const { output } = await box.run(['ip', '-o', 'link'], { network: 'none' });
    const devices = output.split('\n').filter((line) => line !== '' && !/\b(tunl|sit|gre|gretap|erspan|ip6|ip_vti|teql)/.test(line));
    expect(devices).toEqual([expect.stringMatching(/^1: lo: <LOOPBACK,UP/)]);
  });

  test('mounts are read-only and leave no trace, nor do times change', async () => {
    const source = join(box.folder, 'hosts');
    writeFileSync(source, '1.2.3.4 x\n');
    const times = () => ['', 'etc'].map((path) => statSync(join(box.rootfs, path), { bigint: true }).mtimeNs);
    const before = times();
    const mounts = ['/etc/hosts', '/etc/resolv.conf', '/dev/pipes/a'].map((target) => ({ source, target, readonly: true }));
    const { output } = await box.run(['sh', '-c', 'cat /etc/hosts /dev/pipes/a; echo > /etc/hosts'], { mounts });
    expect(output).toMatch(/^1.2.3.4 x\n1.2.3.4 x\n.*Read-only/);
    expect(readdirSync(box.rootfs)).toEqual(['bin', 'etc', 'tmp']);
    expect(readdirSync(join(box.rootfs, 'etc'))).toEqual(['group', 'passwd']);
    expect(times()).toEqual(before);
  });

  test("a time that the program's own work has set stays", async () => {
    const before = statSync(box.rootfs).mtimeMs;
    await box.run(['sh', '-c', 'touch /made']);
    rmSync(join(box.rootfs, 'made'));
    expect(statSync(box.rootfs).mtimeMs).toBeGreaterThan(before);
  });

  test('50 MB of output come complete and in order', async () => {
    const text = Buffer.from(Array.from({ length: 1_000_000 }, (_, index) => `${index} ${'x'.repeat(45)}\n`).join(''));
    const source = join(box.folder, 'text');
    writeFileSync(source, text);
    const sum = createHash('sha256');
    let size = 0;
    await box.run(['cat', '/dev/text'], { mounts: [{ source, target: '/dev/text', readonly: true }], log: (_, data) => { size += data.length; sum.update(data); } });
    expect(size).toBe(text.length);
    expect(sum.digest('hex')).toBe(createHash('sha256').update(text).digest('hex'));
  });

  test('an abort ends everything at once and leaves no state', async () => {
    const [marker, stop] = [`9${process.pid}${Math.floor(Math.random() * 1e6)}`, new AbortController()];
    let aborted = 0;
    const log = (): void => { aborted = Date.now(); stop.abort(); };
    await expect(box.run(['sh', '-c', `trap "" TERM INT; sleep ${marker} & echo up; sleep ${marker}; true`], { signal: stop.signal, log })).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(Date.now() - aborted).toBeLessThan(1000);
    expect(processesWith(marker)).toEqual([]);
    box.runtime.close();
    expect(readdirSync(join(box.folder, 'state'))).toEqual([]);
  });

  test('a run that is aborted at its start ends', async () => {
    const stop = new AbortController();
    const running = box.run(['sleep', '1000'], { signal: stop.signal });
    stop.abort();
    await expect(running).rejects.toMatchObject({ code: 'CANCELLED' });
  });

  const python = '/usr/bin/python3';
  (existsSync(python) && process.arch === 'x64' ? test : test.skip)('calls that today’s programs make are allowed', async () => {
    const script = `
import ctypes, os, threading
c = ctypes.CDLL(None, use_errno=True)
open('/tmp/f', 'w').close()
how = (ctypes.c_uint64 * 3)(0, 0, 0)
def errno(result): return 0 if result >= 0 else ctypes.get_errno()
print(errno(c.syscall(437, -100, b'/tmp/f', how, 24)), errno(c.syscall(332, -100, b'/tmp/f', 0, 0x7ff, ctypes.create_string_buffer(256))), errno(c.syscall(452, -100, b'/tmp/f', 0o600, 0)) in (0, 38))
t = threading.Thread(target=lambda: print('thread')); t.start(); t.join()
os.remove('/tmp/f')`;
    const mounts = ['/usr', '/lib', '/lib64'].map((path) => ({ source: path, target: path, readonly: true }));
    expect(await box.run([python, '-c', script], { mounts })).toEqual({ exitCode: 0, output: '0 0 True\nthread\n' });
    expect(readdirSync(box.rootfs)).toEqual(['bin', 'etc', 'tmp']);
  });

  test('a directory in which the program wrote stays', async () => {
    mkdirSync(join(box.rootfs, 'tmp/d'));
    chmodSync(join(box.rootfs, 'tmp/d'), 0o777);
    await box.run(['sh', '-c', 'echo kept > d'], { cwd: '/tmp/d' });
    expect(existsSync(join(box.rootfs, 'tmp/d/d'))).toBe(true);
  });
});
