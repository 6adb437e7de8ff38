import { OperatorError } from '@strake/api';
import { parsePaxTime } from './pax';
import type { TarHeader, TarType } from './tar-entry';

const TYPES: Readonly<Record<string, TarType>> = {
  '\0': 'file', '0': 'file', '7': 'file', '1': 'link', '2': 'symlink', '3': 'character', '4': 'block', '5': 'directory', '6': 'fifo',
};

/** One 512-byte block as it stands, before PAX and GNU extensions are applied. */
export interface RawHeader {
  readonly flag: string;
  readonly block: Buffer;
  readonly size: number;
}

/** An archive that is malformed, or more than strake accepts. */
export function badArchive(what: string): OperatorError {
  return new OperatorError('IMAGE_INVALID', `invalid tar archive: ${what}`);
}

/** Checks a header block's sum and reads type and size. Throws IMAGE_INVALID. */
export function readRawHeader(block: Buffer): RawHeader {
  let sum = 8 * 0x20;
  for (let at = 0; at < 512; at += 1) if (at < 148 || at >= 156) sum += block[at] ?? 0;
  if (readNumber(block, 148, 8) !== sum) throw badArchive('a header has a wrong checksum');
  return { flag: block.toString('latin1', 156, 157), block, size: readNumber(block, 124, 12) };
}

/** A header with its extensions applied. Throws IMAGE_INVALID for sparse files and types that a layer cannot hold. */
export function resolveHeader(raw: RawHeader, records: ReadonlyMap<string, Buffer>): TarHeader {
  const type = TYPES[raw.flag];
  if (raw.flag === 'S' || [...records.keys()].some((key) => key.startsWith('GNU.sparse.'))) throw badArchive('sparse files are not supported');
  if (type === undefined) throw badArchive(`unknown entry type ${JSON.stringify(raw.flag)}`);
  const { block } = raw;
  const path = records.get('path') ?? ustarPath(block);
  const number = (key: string, at: number, length: number): number => paxNumber(records.get(key)) ?? readNumber(block, at, length);
  return {
    path,
    type: type === 'file' && path.at(-1) === 0x2f ? 'directory' : type,
    mode: readNumber(block, 100, 8) & 0o7777,
    uid: checkId(number('uid', 108, 8)),
    gid: checkId(number('gid', 116, 8)),
    size: type === 'file' ? number('size', 124, 12) : 0,
    mtime: modified(block, records.get('mtime')),
    target: records.get('linkpath') ?? field(block, 157, 100),
    major: type === 'character' || type === 'block' ? readNumber(block, 329, 8) : 0,
    minor: type === 'character' || type === 'block' ? readNumber(block, 337, 8) : 0,
    xattrs: [...records].filter(([key]) => key.startsWith('SCHILY.xattr.')).map(([key, value]) => [key.slice('SCHILY.xattr.'.length), value] as const),
  };
}

/** Runs a parser that throws RangeError and says so as an archive's fault. */
export function safely<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw badArchive((error as Error).message);
  }
}

function ustarPath(block: Buffer): Buffer {
  const name = field(block, 0, 100);
  // GNU's own magic has other things where ustar keeps the prefix.
  const prefix = block.toString('latin1', 257, 263) === 'ustar\0' ? field(block, 345, 155) : Buffer.alloc(0);
  return prefix.length === 0 ? name : Buffer.concat([prefix, Buffer.from('/'), name]);
}

function field(block: Buffer, at: number, length: number): Buffer {
  const whole = block.subarray(at, at + length);
  const end = whole.indexOf(0);
  return Buffer.from(end < 0 ? whole : whole.subarray(0, end));
}

function modified(block: Buffer, pax: Buffer | undefined): bigint {
  return pax === undefined ? BigInt(readSigned(block, 136, 12)) * 1_000_000_000n : safely(() => parsePaxTime(pax.toString()));
}

/** The highest is chown(2)'s "leave it as it is". */
function checkId(id: number): number {
  if (id >= 0xffff_ffff) throw badArchive(`${id} is no owner or group`);
  return id;
}

function paxNumber(value: Buffer | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value.toString());
  if (!/^\d+$/.test(value.toString()) || !Number.isSafeInteger(number)) throw badArchive('a PAX number is malformed');
  return number;
}

/** A number that counts something. */
function readNumber(block: Buffer, at: number, length: number): number {
  const number = readSigned(block, at, length);
  if (number < 0) throw badArchive('a number in a header is negative');
  return number;
}

/** An octal number, or base-256 in two's complement where the first bit is set (GNU). */
function readSigned(block: Buffer, at: number, length: number): number {
  const first = block[at] ?? 0;
  if ((first & 0x80) === 0) {
    const text = block.toString('latin1', at, at + length).replace(/[\0 ]+$/, '').trim();
    if (!/^[0-7]*$/.test(text)) throw badArchive('a number in a header is malformed');
    return text === '' ? 0 : parseInt(text, 8);
  }
  const hex = block.subarray(at, at + length).toString('hex');
  const bits = BigInt(length * 8);
  const value = first & 0x40 ? BigInt(`0x${hex}`) - (1n << bits) : BigInt(`0x${hex}`) & ((1n << (bits - 1n)) - 1n);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw badArchive('a number in a header is too large');
  return number;
}
