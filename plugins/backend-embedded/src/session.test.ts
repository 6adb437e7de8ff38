import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ApplyOptions, BackendSession, CopyOp, Op, SnapshotReference, Vertex } from '@strake/api';
import { createContext } from '@strake/context';
import { openStore, type Store } from '@strake/oci';
import { createEmbeddedBackend } from '.';

const root = process.getuid?.() === 0 && process.platform === 'linux';
const busybox = '/bin/busybox';

(root ? describe : describe.skip)('a session on real mounts', () => {
  let folder: string;
  let store: Store;
  let session: BackendSession;
  const abort = (): AbortController => new AbortController();

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'strake-embedded-'));
    mkdirSync(join(folder, 'context'));
    store = openStore(join(folder, 'store'));
    session = await open();
  });
  afterEach(async () => {
    await session.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const open = async (signal = abort().signal): Promise<BackendSession> => {
    const contexts = new Map([['', createContext(join(folder, 'context'), { name: '.' })]]);
    return createEmbeddedBackend({ store, env: process.env }).open({ contexts, extraHosts: ['db:10.1.2.3'], signal });
  };
  const vertex = (ops: readonly Op[]): Vertex => ({ digest: 'sha256:0', ops, parent: null, inputs: [], note: { name: 'test', stage: '0' } });
  const options = (signal = abort().signal, log: ApplyOptions['log'] = () => undefined): ApplyOptions => ({ signal, log, progress: () => undefined });
  const apply = (parent: SnapshotReference | null, ...ops: readonly Op[]): Promise<SnapshotReference> => session.apply(vertex(ops), parent, [{ kind: 'context', name: '' }], options());
  const copy = (sources: readonly string[], destination: string, more: Partial<CopyOp> = {}): CopyOp => ({ type: 'copy', input: 0, sources, destination, ...more });
  const put = (path: string, content = path, mode = 0o644): void => {
    const file = join(folder, 'context', path);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, content);
    chmodSync(file, mode);
  };
  const tree = ({ id }: SnapshotReference, path = ''): string => join(store.snapshots.directory(id), path);
  const run = (script: string, user = ''): Op => ({ type: 'exec', args: ['/bin/sh', '-c', script], env: ['PATH=/bin'], cwd: '/', user, network: 'none' });
  const withShell = async (): Promise<SnapshotReference> => {
    put('busybox', readFileSync(busybox).toString('latin1'));
    writeFileSync(join(folder, 'context', 'busybox'), readFileSync(busybox), { mode: 0o755 });
    chmodSync(join(folder, 'context', 'busybox'), 0o755);
    return apply(null, copy(['busybox'], '/bin/sh'));
  };

  test('a file, a directory and a pattern are copied where Docker puts them', async () => {
    put('a/one', '1', 0o4755);
    put('a/sub/two', '2');
    put('x.txt');
    put('y.txt');
    symlinkSync('one', join(folder, 'context/a/link'));
    const made = await apply(null, copy(['a'], '/dest'), copy(['x.txt'], '/named'), copy(['*.txt'], '/many/'), copy(['x.txt'], '/dest'));
    expect(readFileSync(tree(made, 'dest/one'), 'utf8')).toBe('1');
    expect(lstatSync(tree(made, 'dest/one')).mode & 0o7777).toBe(0o4755);
    expect(readlinkSync(tree(made, 'dest/link'))).toBe('one');
    expect(readdirSync(tree(made, 'many'))).toEqual(['x.txt', 'y.txt']);
    expect(readFileSync(tree(made, 'dest/x.txt'), 'utf8')).toBe('x.txt');
    expect(readFileSync(tree(made, 'named'), 'utf8')).toBe('x.txt');
    const times = ['context/x.txt', ''].map((path, at) => lstatSync(at === 0 ? join(folder, path) : tree(made, 'named'), { bigint: true }).mtimeNs);
    expect(times[0]).toBe(times[1]);
  });

  test('chown and chmod; names come from the target', async () => {
    put('f');
    const made = await apply(null, { type: 'mkfile', path: '/etc/passwd', content: 'app:x:7:8::/home/app:/bin/sh\n', mode: 0o644 }, copy(['f'], '/f', { chown: 'app', chmod: '600' }), copy(['f'], '/g', { chown: '5:6' }));
    const { uid, gid, mode } = lstatSync(tree(made, 'f'));
    expect([uid, gid, mode & 0o7777]).toEqual([7, 8, 0o600]);
    expect([lstatSync(tree(made, 'g')).uid, lstatSync(tree(made, 'g')).gid]).toEqual([5, 6]);
    await expect(apply(null, copy(['f'], '/h', { chown: 'nobody' }))).rejects.toMatchObject({ code: 'INVALID_FLAG' });
  });

  test.each([
    ['a directory onto a file', ['d'], '/file', /cannot copy to non-directory: \/file|not a directory/],
    ['a file onto a directory', ['.'], '/t', /cannot replace to directory \/t\/f with file/],
  ])('%s is refused, and leaves nothing', async (_, sources, destination, message) => {
    put('d/x');
    put('f');
    const parent = await apply(null, { type: 'mkfile', path: '/file', content: '', mode: 0o644 }, { type: 'mkdir', path: '/t/f', mode: 0o755 });
    const before = store.snapshots.list().length;
    await expect(apply(parent, copy(sources, destination))).rejects.toThrow(message);
    expect(store.snapshots.list()).toHaveLength(before);
  });

  test('links in the destination are followed inside the root only', async () => {
    put('l', '');
    rmSync(join(folder, 'context', 'l'));
    symlinkSync('../../../../../../../../tmp', join(folder, 'context', 'l'));
    mkdirSync(join(folder, 'context', 'links'));
    symlinkSync(folder, join(folder, 'context', 'links', 'out'));
    put('f');
    const parent = await apply(null, copy(['links'], '/'));
    const made = await apply(parent, copy(['f'], '/out/f'));
    expect(existsSync(join(folder, 'f'))).toBe(false);
    expect(readFileSync(tree(made, join(folder.slice(1), 'f')), 'utf8')).toBe('f');
  });

  test('an image of the layers can be read, also after the end', async () => {
    put('f', 'content');
    const first = await apply(null, copy(['f'], '/f'));
    const second = await apply(first, { type: 'mkdir', path: '/d', mode: 0o700 });
    const image = await session.image({ platform: { os: 'linux', architecture: 'amd64' }, root: null, config: { architecture: 'amd64', os: 'linux', config: {} }, history: [{}, {}] }, second);
    await session.close();
    expect(image.layers).toHaveLength(2);
    for (const layer of image.layers) {
      const hash = createHash('sha256');
      for await (const chunk of layer.open()) hash.update(chunk as Buffer);
      expect(`sha256:${hash.digest('hex')}`).toBe(layer.diffId);
    }
  });

  test('ADD unpacks archives by content; links of an archive lead nowhere', async () => {
    put('in/bin/tool', 'tool', 0o755);
    symlinkSync('/etc', join(folder, 'context/in/link'));
    spawnSync('tar', ['-C', join(folder, 'context/in'), '-czf', join(folder, 'context/a.bin'), '.']);
    put('plain.tar', 'not a tar');
    const made = await apply(null, copy(['a.bin', 'plain.tar'], '/opt/', { unpack: true, chown: '3:4' }));
    expect(readdirSync(tree(made, 'opt')).sort()).toEqual(['bin', 'link', 'plain.tar']);
    expect(lstatSync(tree(made, 'opt/bin/tool')).uid).toBe(3);
  });

  test('a full disk is said, and nothing half-written stays', async () => {
    const small = join(folder, 'small');
    mkdirSync(small);
    expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'none', small]).status).toBe(0);
    const other = openStore(join(small, 'store'));
    put('big', 'x'.repeat(4 << 20));
    const contexts = new Map([['', createContext(join(folder, 'context'), { name: '.' })]]);
    const full = await createEmbeddedBackend({ store: other, env: process.env }).open({ contexts, extraHosts: [], signal: abort().signal });
    try {
      await expect(full.apply(vertex([copy(['big'], '/big')]), null, [{ kind: 'context', name: '' }], options())).rejects.toMatchObject({ code: 'DISK_FULL' });
      expect(other.snapshots.list()).toEqual([]);
    } finally {
      await full.close();
      other.close();
      spawnSync('umount', [small]);
    }
  });

  test('a file that changes after it was selected is noticed', async () => {
    put('f', 'old');
    const context = createContext(join(folder, 'context'), { name: '.' });
    const contexts = new Map([['', context]]);
    const own = await createEmbeddedBackend({ store, env: process.env }).open({ contexts, extraHosts: [], signal: abort().signal });
    await own.select(copy(['f'], '/f'), { kind: 'context', name: '' });
    writeFileSync(join(folder, 'context/f'), 'new');
    await expect(own.apply(vertex([copy(['f'], '/f')]), null, [{ kind: 'context', name: '' }], options())).rejects.toThrow('"f" changed while it was copied');
    await own.close();
  });

  test('two hundred and fifty layers', async () => {
    let snapshot: SnapshotReference | null = null;
    for (let at = 0; at < 250; at++) snapshot = await apply(snapshot, { type: 'mkfile', path: `/f${at}`, content: `${at}`, mode: 0o644 });
    const last = await session.apply(vertex([copy(['f0', 'f249'], '/got/')]), null, [{ kind: 'snapshot', snapshot: snapshot as SnapshotReference }], options());
    expect(readdirSync(tree(last, 'got'))).toEqual(['f0', 'f249']);
  }, 60_000);

  const shell = existsSync(busybox) ? test : test.skip;
  shell('a program runs; what was made for it does not stay', async () => {
    const parent = await withShell();
    const out: string[] = [];
    const made = await session.apply(vertex([run('cat /etc/hosts; echo $HOME; echo x > /made')]), parent, [], options(undefined, (_, data) => out.push(data.toString())));
    expect(out.join('')).toMatch(/10\.1\.2\.3\tdb\n\/\n$/);
    expect(readdirSync(tree(made))).toEqual(['made']);
  });

  shell('a program that fails says so, with its last lines', async () => {
    const parent = await withShell();
    await expect(apply(parent, run('echo lost; exit 3'))).rejects.toMatchObject({ code: 'STEP_FAILED', exitCode: 3, notes: ['lost'] });
    await expect(apply(parent, run('true', 'ghost'))).rejects.toThrow('unable to find user ghost: no matching entries in passwd file');
  });

  shell('a build that is cancelled ends soon and leaves nothing', async () => {
    const parent = await withShell();
    const before = store.snapshots.list();
    const control = abort();
    const marker = `sleep-${process.pid}`;
    const work = session.apply(vertex([run(`echo ready; /bin/sh -c 'while :; do :; done' ${marker}`)]), parent, [], options(control.signal, () => control.abort()));
    await expect(work).rejects.toMatchObject({ code: 'CANCELLED' });
    expect(store.snapshots.list()).toEqual(before);
    expect(spawnSync('pgrep', ['-f', marker]).stdout.toString()).toBe('');
    expect(readFileSync('/proc/mounts', 'utf8')).not.toContain(folder);
  });
});
