/** One member of a tar archive, with its extended headers applied. Extended attributes as hex: their values are bytes. */
export interface TarEntry {
  /** Without `./` in front and `/` behind; `` is the root. */
  readonly path: string;
  readonly type: 'file' | 'hardlink' | 'symlink' | 'char' | 'block' | 'directory' | 'fifo';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds, with a fraction where the archive has one. */
  readonly mtime: number;
  readonly link: string;
  /** `major:minor`, of devices only. */
  readonly device: string;
  readonly xattrs: Readonly<Record<string, string>>;
  readonly content: Buffer;
}

const types: Readonly<Record<string, TarEntry['type']>> = {
  '': 'file', '0': 'file', '7': 'file', '1': 'hardlink', '2': 'symlink', '3': 'char', '4': 'block', '5': 'directory', '6': 'fifo',
};

type Records = Map<string, Buffer>;

/**
 * Reads a whole uncompressed tar: ustar, PAX (POSIX.1-2001) and GNU long names. Written apart from packages/oci on purpose: a mistake
 * in the product's tar code must not be hidden by the same mistake in its check. No library fits: they give PAX values as text, and
 * the value of `security.capability` is not text.
 */
export function readTar(archive: Buffer): readonly TarEntry[] {
  const entries: TarEntry[] = [];
  const global: Records = new Map();
  let next: Records = new Map();
  for (let offset = 0; offset + 512 <= archive.length;) {
    const header = archive.subarray(offset, offset + 512);
    offset += 512;
    if (header.every((byte) => byte === 0)) continue;
    verifySum(header);
    const flag = text(header, 156, 1);
    const records: Records = new Map([...global, ...next]);
    const size = 'xgLK'.includes(flag) && flag !== '' ? number(header, 124, 12) : Number(records.get('size') ?? number(header, 124, 12));
    const body = archive.subarray(offset, offset + size);
    if (body.length < size) throw new Error('the tar archive ends in the middle of a member');
    if (flag === 'x') next = new Map([...next, ...paxRecords(body)]);
    else if (flag === 'g') for (const [key, value] of paxRecords(body)) global.set(key, value);
    else if (flag === 'L') next.set('path', beforeNul(body));
    else if (flag === 'K') next.set('linkpath', beforeNul(body));
    else {
      entries.push(entryOf(header, flag, records, body));
      next = new Map();
    }
    const stored = 'xgLK'.includes(flag) || types[flag] === 'file' ? size : 0;
    offset += Math.ceil(stored / 512) * 512;
  }
  return entries;
}

function entryOf(header: Buffer, flag: string, records: Records, body: Buffer): TarEntry {
  const type = types[flag];
  if (type === undefined) throw new Error(`unknown tar member type "${flag}"`);
  const said = (key: string): string | undefined => records.get(key)?.toString('utf8');
  const name = said('path') ?? [ustarPrefix(header), text(header, 0, 100)].filter(Boolean).join('/');
  const isDevice = type === 'char' || type === 'block';
  return {
    path: cleanPath(name),
    type,
    mode: number(header, 100, 8) & 0o7777,
    uid: Number(said('uid') ?? number(header, 108, 8)),
    gid: Number(said('gid') ?? number(header, 116, 8)),
    mtime: Number(said('mtime') ?? number(header, 136, 12)),
    link: said('linkpath') ?? text(header, 157, 100),
    device: isDevice ? `${number(header, 329, 8)}:${number(header, 337, 8)}` : '',
    xattrs: xattrsOf(records),
    content: type === 'file' ? body : Buffer.alloc(0),
  };
}

function xattrsOf(records: Records): Record<string, string> {
  const prefix = 'SCHILY.xattr.';
  return Object.fromEntries(
    [...records].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key.slice(prefix.length), value.toString('hex')]),
  );
}

/** A name as every reader of layers understands it. */
export function cleanPath(name: string): string {
  return name.split('/').filter((part) => part !== '' && part !== '.').join('/');
}

function ustarPrefix(header: Buffer): string {
  return header.toString('latin1', 257, 263) === 'ustar\0' ? text(header, 345, 155) : '';
}

function text(header: Buffer, start: number, length: number): string {
  return beforeNul(header.subarray(start, start + length)).toString('utf8');
}

function beforeNul(bytes: Buffer): Buffer {
  const end = bytes.indexOf(0);
  return end < 0 ? bytes : bytes.subarray(0, end);
}

/** Octal digits, or base 256 when the first bit is set (GNU). */
function number(header: Buffer, start: number, length: number): number {
  const field = header.subarray(start, start + length);
  if (((field[0] ?? 0) & 0x80) === 0) return parseInt(text(header, start, length).trim() || '0', 8);
  const negative = field[0] === 0xff;
  return field.subarray(1).reduce((sum, byte) => sum * 256 + byte, negative ? -1 : 0);
}

function paxRecords(body: Buffer): Records {
  const records: Records = new Map();
  for (let at = 0; at < body.length;) {
    const space = body.indexOf(0x20, at);
    const length = Number(body.toString('latin1', at, space));
    const record = body.subarray(space + 1, at + length - 1);
    const equals = record.indexOf(0x3d);
    records.set(record.toString('utf8', 0, equals), record.subarray(equals + 1));
    at += length;
  }
  return records;
}

function verifySum(header: Buffer): void {
  let sum = 8 * 0x20;
  for (let index = 0; index < 512; index += 1) if (index < 148 || index >= 156) sum += header[index] ?? 0;
  if (sum !== number(header, 148, 8)) throw new Error('a tar header has a wrong checksum');
}
