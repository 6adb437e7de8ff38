import { mkdtempSync, openSync, closeSync, linkSync, lstatSync, readdirSync, symlinkSync, writeFileSync, rmSync, readSync, writeSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { closeFile, Folder, getXattr, hungUp, listXattrs, makeDevice, makeNode, makePipe, peerOf, readFile, removeXattr, setTimes, setXattr, splitDevice, S_IFIFO, S_IFREG, tryLock, unlock } from '.';

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

  test('a folder tells of its entries what lstat tells, and reads them', () => {
    writeFileSync(join(folder, 'file'), 'content', { mode: 0o640 });
    linkSync(join(folder, 'file'), join(folder, 'second'));
    symlinkSync('file', join(folder, 'link'));
    makeNode(join(folder, 'fifo'), S_IFIFO | 0o644);
    makeNode(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from('caf\xe9', 'latin1')]), S_IFREG | 0o4755);
    setTimes(join(folder, 'file'), -1_500_000_001n);
    const opened = new Folder(folder);
    for (const name of readdirSync(folder, { encoding: 'buffer' })) {
      const expected = lstatSync(Buffer.concat([Buffer.from(`${folder}/`), name]), { bigint: true });
      const { type, mode, links, uid, gid, size, mtime, inode } = opened.stat(name);
      expect([BigInt(type | mode), BigInt(links), BigInt(uid), BigInt(gid), BigInt(size), mtime, inode]).toEqual([expected.mode, expected.nlink, expected.uid, expected.gid, expected.size, expected.mtimeNs, expected.ino]);
    }
    const fd = opened.open(Buffer.from('file'));
    const target = Buffer.alloc(10, '.');
    expect([readFile(fd, target, 2, 8), readFile(fd, target, 9, 1), target.toString()]).toEqual([7, 0, '..content.']);
    closeFile(fd);
    opened.close();
  });

  test('a folder is no way out of itself, and its errors name the entry', () => {
    symlinkSync('/etc/passwd', join(folder, 'link'));
    const opened = new Folder(folder);
    expect(() => opened.open(Buffer.from('link'))).toThrow(expect.objectContaining({ code: 'ELOOP', path: `${folder}/link` }));
    expect(() => opened.stat(Buffer.from('none'))).toThrow(expect.objectContaining({ code: 'ENOENT', syscall: 'statx' }));
    expect(() => opened.stat(Buffer.from('a\0b'))).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_VALUE' }));
    expect(() => opened.stat(Buffer.alloc(5000, 'x'))).toThrow(expect.objectContaining({ code: 'ENAMETOOLONG' }));
    opened.close();
    expect(() => new Folder(join(folder, 'none'))).toThrow(expect.objectContaining({ code: 'ENOENT' }));
    expect(() => new Folder(join(folder, 'link'))).toThrow(expect.objectContaining({ code: 'ENOTDIR' }));
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
