import { existsSync, lstatSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import type { ApplyOptions, BackendSession, CopyInput, ExecOp, Mount, SnapshotReference, Vertex } from '@strake/api';
import { createContext } from '@strake/context';
import { createEmbeddedBackend } from '..';
import { RUNTIME_NAMES } from '../runtime';
import { canMount, copyOp, RealSession } from '../test-support/real-session';
import { writeBusyboxRootfs } from '../test-support/busybox-rootfs';
import { processesWith, whyUntested } from '../test-support/run-in-busybox';

const context: CopyInput = { kind: 'context', name: '' };
const bind = (target: string, more: Partial<Extract<Mount, { type: 'bind' }>> = {}): Mount => ({ type: 'bind', target, input: 0, source: '/', readonly: true, ...more });
const cache = (target: string, more: Partial<Extract<Mount, { type: 'cache' }>> = {}): Mount => ({ type: 'cache', target, id: 'c', sharing: 'shared', readonly: false, ...more });
const secret = (more: Partial<Extract<Mount, { type: 'secret' }>>): Mount => ({ type: 'secret', id: 's', required: false, mode: 0o400, uid: 0, gid: 0, ...more });
const ssh = (target: string): Mount => ({ type: 'ssh', id: 'default', target, required: true, mode: 0o660, uid: 5, gid: 6 });

describe.each(RUNTIME_NAMES)('mounts with %s', (runtime) => {
  const reason = canMount ? whyUntested(runtime) : 'needs root';
  (reason === undefined ? describe : describe.skip)(reason ?? 'as a program sees them', () => {
    let real: RealSession;
    let session: BackendSession;
    let base: SnapshotReference;
    const secrets = new Map([['s', 'sentinel\n']]);
    let socket: string | undefined;

    beforeAll(async () => {
      real = new RealSession();
      writeBusyboxRootfs(join(real.folder, 'base'));
      real.put('a', 'a\n');
      real.put('dir/b', 'b\n');
      real.put('gone.log', 'ignored\n');
      real.put('.dockerignore', '*.log\n');
      mkdirSync(join(real.folder, 'cdi'));
      writeFileSync(join(real.folder, 'cdi/v.yaml'), 'cdiVersion: 0.6.0\nkind: vendor.test/null\ncontainerEdits:\n  env: [CDI=all]\ndevices:\n  - name: one\n    containerEdits:\n      env: [ONE=1]\n      deviceNodes:\n        - path: /dev/vendor/one\n          hostPath: /dev/null\n      mounts:\n        - hostPath: ' + join(real.folder, 'context/a') + '\n          containerPath: /vendor/a\n          options: [ro]\n');
      writeFileSync(join(real.folder, 'cdi/hooks.json'), JSON.stringify({ cdiVersion: '0.6.0', kind: 'vendor.test/hooks', devices: [{ name: 'h', containerEdits: { hooks: [{ hookName: 'x' }] } }] }));
      const backend = createEmbeddedBackend({ store: real.store, env: { ...process.env, STRAKE_RUNTIME: runtime }, deviceFolders: [join(real.folder, 'cdi'), join(real.folder, 'none')] });
      session = await backend.open({
        contexts: new Map([['', createContext(join(real.folder, 'context'), { name: '.' })], ['base', createContext(join(real.folder, 'base'), { name: 'base' })]]),
        extraHosts: [], signal: new AbortController().signal,
        secrets: { get: async (id) => (secrets.has(id) ? Buffer.from(secrets.get(id) ?? '') : undefined) },
        ssh: { socket: async () => socket },
      });
      base = await apply(null, [copyOp(['.'], '/')], [{ kind: 'context', name: 'base' }]);
    }, 60_000);
    afterAll(async () => {
      await session.close();
      await real.close();
    });

    function apply(parent: SnapshotReference | null, ops: Vertex['ops'], inputs: readonly CopyInput[] = [context], log: ApplyOptions['log'] = () => undefined): Promise<SnapshotReference> {
      const vertex: Vertex = { digest: 'sha256:0', ops, parent: null, inputs: [], note: { name: 'test', stage: '0' } };
      return session.apply(vertex, parent, inputs, { signal: new AbortController().signal, log, progress: () => undefined });
    }

    /** Runs a script on the base; answers what it printed, and the files that its layer has. */
    async function run(script: string, mounts: readonly Mount[], more: Partial<ExecOp> = {}, inputs: readonly CopyInput[] = [context]): Promise<{ readonly output: string; readonly layer: readonly string[] }> {
      let output = '';
      const exec: ExecOp = { type: 'exec', args: ['/bin/sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: '', network: 'none', mounts, ...more };
      const made = await apply(base, [exec], inputs, (_stream, data) => (output += data.toString()));
      return { output, layer: filesOf(real.at(made)) };
    }

    test('a bind of a context has what the ignore file leaves, belongs to root, and is read-only', async () => {
      const { output, layer } = await run('cd /ctx; find . | sort; stat -c "%u:%g" a; touch x 2>&1 || echo refused', [bind('/ctx')]);
      expect(output).toContain('.\n./.dockerignore\n./a\n./dir\n./dir/b\n0:0\n');
      expect(output).toContain('refused');
      expect(layer).toEqual([]);
    });

    test('a file, and writes that are gone', async () => {
      expect((await run('cat /x/y; echo new >> /w/b; cat /w/b', [bind('/w', { source: '/dir', readonly: false }), bind('/x/y', { source: '/a' })])).output).toBe('a\nb\nnew\n');
      expect((await run('cat /w/b', [bind('/w', { source: '/dir', readonly: false })])).output).toBe('b\n');
      expect(readFileSync(join(real.folder, 'context/dir/b'), 'utf8')).toBe('b\n');
    });

    test('a bind of a snapshot follows links inside it only', async () => {
      const inputs: readonly CopyInput[] = [{ kind: 'snapshot', snapshot: await apply(base, [{ type: 'exec', args: ['/bin/sh', '-c', 'mkdir /d; echo in > /d/f; ln -s /d /link; ln -s ../../../../etc/hostname /out'], env: ['PATH=/bin'], cwd: '/', user: '', network: 'none' }]) }];
      const { output } = await run('cat /m/f; touch /m/g; ls /m', [bind('/m', { source: '/link', readonly: false })], {}, inputs);
      expect(output).toBe('in\nf\ng\n');
      await expect(run('true', [bind('/m', { source: '/out' })], {}, inputs)).rejects.toMatchObject({ code: 'SOURCE_MISSING' });
    });

    test('a cache outlives a program, is a new one for another mode, and is in no layer', async () => {
      expect((await run('stat -c %a:%u:%g /c; echo 1 > /c/f', [cache('/c', { id: 'keep' })])).output).toBe('755:0:0\n');
      expect((await run('cat /d/f; touch /d/g || echo read-only', [cache('/d', { id: 'keep', readonly: true })])).output).toContain('1\n');
      const { output, layer } = await run('stat -c %a:%u:%g /c; ls /c', [cache('/c', { id: 'keep', mode: 0o1770, uid: 5, gid: 6 })]);
      expect({ output, layer }).toEqual({ output: '1770:5:6\n', layer: [] });
    });

    test('a cache starts with a directory of an input', async () => {
      const from = { input: 0, source: '/dir' };
      expect((await run('cat /c/b; echo 2 > /c/b', [cache('/c', { id: 'seed', from })])).output).toBe('b\n');
      expect((await run('cat /c/b', [cache('/c', { id: 'seed', from })])).output).toBe('2\n');
    });

    test('memory', async () => {
      const { output, layer } = await run('df -k /t | tail -1; touch /t/x', [{ type: 'tmpfs', target: '/t', size: 2 << 20 }]);
      expect(output).toMatch(/\s2048\s/);
      expect(layer).toEqual([]);
      expect((await run('touch /t/x || echo refused', [{ type: 'tmpfs', target: '/t', readonly: true }])).output).toContain('refused');
    });

    test('mounts in mounts', async () => {
      const { output, layer } = await run('touch /m/t/c/x; find /m | sort', [bind('/m', { source: '/dir', readonly: false }), { type: 'tmpfs', target: '/m/t' }, cache('/m/t/c', { id: 'nested' }), bind('/m/t/f', { source: '/a' })]);
      expect(output).toBe('/m\n/m/b\n/m/t\n/m/t/c\n/m/t/c/x\n/m/t/f\n');
      expect(layer).toEqual([]);
      await expect(run('true', [bind('/m'), { type: 'tmpfs', target: '/m/none' }])).rejects.toMatchObject({ code: 'INVALID_FLAG', message: expect.stringContaining('/m/none is not in the mount at /m') });
    });

    test('a link in a mount leads nowhere on the machine', async () => {
      const place = join(real.folder, 'outside');
      const script = `mkdir -p /d; ln -s ${place} /d/link`;
      const snapshot = await apply(base, [{ type: 'exec', args: ['/bin/sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user: '', network: 'none' }]);
      await run('true', [bind('/m', { source: '/d', readonly: false }), { type: 'tmpfs', target: '/m/link/new' }], {}, [{ kind: 'snapshot', snapshot }]);
      expect(existsSync(place)).toBe(false);
    });

    test('a secret as a file and as a variable is masked in the output, and on no disk', async () => {
      const { output, layer } = await run('stat -c %a:%u:%g /f; cat /f; echo "=$S="; cat /proc/1/environ | wc -c; grep noexec /proc/mounts | grep -c " /f "', [secret({ target: '/f', mode: 0o440, uid: 5, gid: 6, env: 'S' })], { env: ['PATH=/bin', 'S=config'] });
      expect(output).toMatch(/^440:5:6\n\*\*\*\n=\*\*\*\n=\n\d+\n1\n$/);
      expect(layer).toEqual([]);
      expect(filesWith(real.folder, 'sentinel')).toEqual([]);
    });

    test('a failing program does not tell its secret', async () => {
      const error: unknown = await run('echo "the $S"; exit 3', [secret({ env: 'S' })]).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'STEP_FAILED', notes: ['the ***'] });
      expect(JSON.stringify(error)).not.toContain('sentinel');
    });

    test('a secret that is not given is left out, or missed', async () => {
      expect((await run('ls /f || echo none; echo "<$S>"', [secret({ id: 'none', target: '/f' }), secret({ id: 'none', env: 'S' })])).output).toContain('none\n<>\n');
      await expect(run('true', [secret({ id: 'none', target: '/f', required: true })])).rejects.toMatchObject({ code: 'SECRET_MISSING', message: 'secret none: not found', at: '--mount' });
    });

    test('an agent is reached by a socket of its own', async () => {
      await expect(run('true', [ssh('/agent')])).rejects.toMatchObject({ code: 'SECRET_MISSING', message: 'no SSH key "default" forwarded from the client' });
      socket = join(real.folder, 'agent');
      const server = createServer((client) => client.on('data', (data) => client.end(`got ${String(data)}`))).listen(socket);
      await once(server, 'listening');
      try {
        const marker = `9${process.pid}`;
        const running = run(`stat -c "%F %a:%u:%g" /run/agent; sleep ${marker} || true`, [ssh('/run/agent')]);
        const pid = await sleeper(marker);
        const client = connect(`/proc/${pid}/root/run/agent`);
        client.write('hello');
        expect(String((await once(client, 'data'))[0])).toBe('got hello');
        process.kill(pid);
        const { output, layer } = await running;
        expect(output.split('\n')[0]).toBe('socket 660:5:6');
        expect(layer).toEqual([]);
      } finally {
        server.close();
        socket = undefined;
      }
    });

    test('devices are found by their names', async () => {
      const devices = [{ name: 'vendor.test/null=one', required: true }, { name: 'vendor.test/none', required: false }];
      const { output } = await run('echo x > /dev/vendor/one && stat -c %F /dev/vendor/one; echo $CDI $ONE; cat /vendor/a', [], { devices });
      expect(output).toBe('character special file\nall 1\na\n');
      await expect(run('true', [], { devices: [{ name: 'vendor.test/null=two', required: true }] })).rejects.toMatchObject({ code: 'DEVICE_MISSING', hint: 'did you mean vendor.test/null=one?' });
      await expect(run('true', [], { devices: [{ name: 'vendor.test/hooks', required: true }] })).rejects.toMatchObject({ code: 'UNSUPPORTED' });
    });

    test('without a sandbox a program has what this one has', async () => {
      const own = /^CapEff:\s*(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
      const script = 'grep -E "^(CapEff|Seccomp):" /proc/self/status; mount -t tmpfs none /tmp && echo mounted; test -w /proc/sys/kernel/hostname && echo writable; ls /sys/fs/cgroup > /dev/null && echo groups';
      const { output } = await run(script, [], { security: 'insecure' });
      expect(output.replaceAll('\t', ' ')).toBe(`CapEff: ${own}\nSeccomp: 0\nmounted\nwritable\ngroups\n`);
      expect((await run('mount -t tmpfs none /tmp || echo refused', [])).output).toContain('refused');
    });
  });
});

/** The process of the program `sleep` with that argument, once it is there. */
async function sleeper(marker: string): Promise<number> {
  for (;;) {
    const found = processesWith(`sleep\0${marker}\0`)[0];
    if (found !== undefined) return found;
    await setImmediate();
  }
}

/** What is no directory below a folder. */
function filesOf(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name));
}

/** The files below a folder that hold a text. */
function filesWith(folder: string, text: string): readonly string[] {
  return filesOf(folder).filter((path) => lstatSync(path).isFile() && readFileSync(path).includes(text));
}
