import { mkdtempSync, openSync, closeSync, lstatSync, symlinkSync, writeFileSync, rmSync, readSync, writeSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getXattr, hungUp, listXattrs, makeDevice, makeNode, makePipe, peerOf, removeXattr, setTimes, setXattr, splitDevice, S_IFIFO, S_IFREG, tryLock, unlock } from '.';

const linux = process.platform === 'linux' ? describe : describe.skip;

linux('system calls', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-syscalls-'))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('times are set to the nanosecond, on links too', () => {
    const link = join(folder, 'link');
    symlinkSync('nowhere', link);
    for (const time of [1_700_000_000_123_456_789n, 0n, -1n]) {
      setTimes(link, time);
      expect(lstatSync(link, { bigint: true }).mtimeNs).toBe(time);
    }
  });

  test('attributes are written, listed, read and removed', () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    expect(listXattrs(file)).toEqual([]);
    expect(getXattr(file, 'user.a')).toBeUndefined();
    setXattr(file, 'user.a', Buffer.from('1'));
    setXattr(file, 'user.b', Buffer.from([0, 255]));
    expect([...listXattrs(file)].sort()).toEqual(['user.a', 'user.b']);
    expect(getXattr(file, 'user.b')).toEqual(Buffer.from([0, 255]));
    removeXattr(file, 'user.a');
    expect(listXattrs(file)).toEqual(['user.b']);
  });

  test('a missing path gives an error with its code', () => {
    expect(() => listXattrs(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'llistxattr' }));
  });

  test('device numbers survive both ways', () => {
    for (const [major, minor] of [[0, 0], [1, 3], [259, 65537], [4095, 255]] as const) {
      expect(splitDevice(makeDevice(major, minor))).toEqual({ major, minor });
    }
  });

  test('names that are no UTF-8 are reached by their bytes, and no path ends early', () => {
    const file = Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9', 'latin1')]);
    makeNode(file, S_IFREG | 0o644);
    setXattr(file, 'user.a', Buffer.from('1'));
    setTimes(file, 5n);
    expect(listXattrs(file)).toEqual(['user.a']);
    expect(lstatSync(file, { bigint: true }).mtimeNs).toBe(5n);
    expect(() => listXattrs(`${folder}\0x`)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
    expect(() => listXattrs(Buffer.from(`${folder}\0x`))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
  });

  test('a fifo is made', () => {
    makeNode(join(folder, 'fifo'), S_IFIFO | 0o644);
    expect(lstatSync(join(folder, 'fifo')).isFIFO()).toBe(true);
  });

  test('an exclusive lock keeps others out until it is released', () => {
    const path = join(folder, 'lock');
    const [first, second] = [openSync(path, 'w'), openSync(path, 'w')];
    expect(tryLock(first, 'exclusive')).toBe(true);
    expect(tryLock(second, 'shared')).toBe(false);
    unlock(first);
    expect(tryLock(second, 'shared')).toBe(true);
    expect(tryLock(first, 'shared')).toBe(true);
    closeSync(first);
    closeSync(second);
  });

  test('the other end of a unix socket is known', async () => {
    const path = join(folder, 'socket');
    const server = createServer().listen(path);
    const accepted = new Promise<Socket>((resolve) => server.once('connection', resolve));
    const client = connect(path);
    const { _handle: handle } = (await accepted) as unknown as { readonly _handle: { readonly fd: number } };
    expect(peerOf(handle.fd)).toEqual({ pid: process.pid, uid: process.getuid?.(), gid: process.getgid?.() });
    const { read, write } = makePipe();
    expect(() => peerOf(read)).toThrow(expect.objectContaining({ code: 'ENOTSOCK' }));
    for (const fd of [read, write]) closeSync(fd);
    (await accepted).pause();
    expect(hungUp([handle.fd])).toEqual([false]);
    client.write('unread');
    client.destroySoon();
    while (hungUp([handle.fd])[0] === false) await new Promise((resolve) => setImmediate(resolve));
    expect(hungUp([handle.fd, 1_000_000])).toEqual([true, true]);
    expect(hungUp([])).toEqual([]);
    (await accepted).destroy();
    server.close();
  });

  test('a pipe carries bytes', () => {
    const { read, write } = makePipe();
    writeSync(write, 'hello');
    const buffer = Buffer.alloc(8);
    expect(buffer.toString('utf8', 0, readSync(read, buffer))).toBe('hello');
    closeSync(read);
    closeSync(write);
  });
});
