import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeHeader, TarReader, type TarHeader } from '..';
import { paxRecord } from './pax';

interface Read {
  readonly header: TarHeader;
  readonly content: string;
}

function read(tar: Buffer, piece = tar.length): readonly Read[] {
  const found: Read[] = [];
  let header: TarHeader | undefined;
  let content = '';
  const reader = new TarReader({
    entry: (one) => {
      header = one;
      content = '';
    },
    content: (chunk) => (content += chunk.toString('latin1')),
    end: () => found.push({ header: header as TarHeader, content }),
  });
  for (let at = 0; at < tar.length; at += piece) reader.write(Buffer.from(tar.subarray(at, at + piece)));
  reader.end();
  return found;
}

const long = 'directory/'.repeat(12);

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'strake-tar-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const gnuTar = (...args: readonly string[]): Buffer => execFileSync('tar', ['-cf', '-', '-C', folder, '--sort=name', ...args]);

describe('reading what GNU tar writes', () => {
  function fill(): void {
    mkdirSync(join(folder, long), { recursive: true });
    writeFileSync(join(folder, long, 'file'), 'content');
    chmodSync(join(folder, long, 'file'), 0o640);
    utimesSync(join(folder, long, 'file'), 1_700_000_000, 1_700_000_000);
    symlinkSync('t'.repeat(150), join(folder, 'link'));
  }

  test.each(['gnu', 'oldgnu', 'pax'])('%s: long names and targets', (format) => {
    fill();
    for (const piece of [1, 300, 1 << 20]) {
      const entries = read(gnuTar(`--format=${format}`, '--owner=:1000', '--group=:1001', 'directory', 'link'), piece);
      const file = entries.find(({ header }) => header.type === 'file');
      expect(file?.header.path.toString()).toBe(`${long}file`);
      expect(file).toMatchObject({ content: 'content', header: { mode: 0o640, uid: 1000, gid: 1001, size: 7, mtime: 1_700_000_000_000_000_000n } });
      expect(entries.at(-1)?.header.target?.toString()).toBe('t'.repeat(150));
    }
  });

  test.each(['v7', 'ustar', 'gnu', 'oldgnu', 'pax'])('%s: plain entries', (format) => {
    writeFileSync(join(folder, 'f'), 'x');
    mkdirSync(join(folder, 'd'));
    expect(read(gnuTar(`--format=${format}`, 'd', 'f')).map(({ header, content }) => [header.path.toString(), header.type, content])).toEqual([
      ['d/', 'directory', ''],
      ['f', 'file', 'x'],
    ]);
  });

  test('ustar: names in two parts', () => {
    const path = `${'p'.repeat(90)}/${'q'.repeat(90)}`;
    mkdirSync(join(folder, 'p'.repeat(90)));
    writeFileSync(join(folder, path), '');
    expect(read(gnuTar('--format=ustar', path))[0]?.header.path.toString()).toBe(path);
  });

  test.each([
    ['gnu', '--mtime=@-5', -5_000_000_000n],
    ['gnu', '--mtime=@8589934592', 8_589_934_592_000_000_000n],
    ['pax', '--mtime=@-1.5', -1_500_000_000n],
    ['pax', '--mtime=@1700000000.123456789', 1_700_000_000_123_456_789n],
  ])('%s %s: base-256 and PAX numbers', (format, time, mtime) => {
    writeFileSync(join(folder, 'f'), '');
    const [entry] = read(gnuTar(`--format=${format}`, '--owner=:3000000', '--group=:4294967294', time, 'f'));
    expect(entry?.header).toMatchObject({ uid: 3_000_000, gid: 4_294_967_294, mtime });
  });

  test('a size of 8 GiB and more, in base-256', () => {
    writeFileSync(join(folder, 'f'), '');
    const [entry] = [encodeHeader({ path: Buffer.from('f'), type: 'file', mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0n })];
    Buffer.from('800000000000000200000001', 'hex').copy(entry, 124);
    entry.write('        ', 148, 'latin1');
    entry.write(`${entry.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    let size = 0;
    new TarReader({ entry: (header) => (size = header.size), content: () => undefined, end: () => undefined }).write(entry);
    expect(size).toBe(2 ** 33 + 1);
  });

  test.each(['gnu', 'pax'])('%s: sparse files are refused, for they would be unpacked wrong', (format) => {
    writeFileSync(join(folder, 'f'), 'x');
    truncateSync(join(folder, 'f'), 10 << 20);
    expect(() => read(gnuTar(`--format=${format}`, '-S', 'f'))).toThrow(expect.objectContaining({ code: 'IMAGE_INVALID' }));
  });
});

describe('PAX headers', () => {
  const base: TarHeader = { path: Buffer.from('own'), type: 'file', mode: 0o644, uid: 5, gid: 0, size: 0, mtime: 0n };

  function extension(flag: 'x' | 'g', ...records: readonly (readonly [string, string])[]): Buffer {
    const body = Buffer.concat(records.map(([key, value]) => paxRecord(key, value)));
    const block = encodeHeader({ ...base, path: Buffer.from('pax'), size: body.length });
    block.write(flag, 156, 'latin1');
    block.write('        ', 148, 'latin1');
    block.write(`${block.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148, 'latin1');
    return Buffer.concat([block, body, Buffer.alloc((512 - (body.length % 512)) % 512)]);
  }

  const file = (path: string): Buffer => encodeHeader({ ...base, path: Buffer.from(path) });
  const end = Buffer.alloc(1024);

  test('global records hold until they are replaced, local ones for one entry', () => {
    const tar = Buffer.concat([extension('g', ['uid', '7']), file('a'), extension('x', ['uid', '8']), file('b'), file('c'), extension('g', ['uid', '9']), file('d'), end]);
    expect(read(tar).map(({ header }) => [header.path.toString(), header.uid])).toEqual([['a', 7], ['b', 8], ['c', 7], ['d', 9]]);
  });

  test('an empty value takes a global record away', () => {
    const tar = Buffer.concat([extension('g', ['uid', '7']), extension('x', ['uid', '']), file('a'), end]);
    expect(read(tar)[0]?.header.uid).toBe(5);
  });

  test('attributes may be empty, and values may hold what separates records', () => {
    const tar = Buffer.concat([extension('x', ['SCHILY.xattr.user.a', ''], ['SCHILY.xattr.user.b', '9 a=b\n'], ['path', 'n=\n1']), file('a'), end]);
    expect(read(tar)[0]?.header).toMatchObject({ path: Buffer.from('n=\n1'), xattrs: [['user.a', Buffer.alloc(0)], ['user.b', Buffer.from('9 a=b\n')]] });
  });

  test('what comes after the end is not read', () => {
    expect(read(Buffer.concat([file('a'), end, Buffer.from('garbage'.repeat(200))])).length).toBe(1);
  });
});
