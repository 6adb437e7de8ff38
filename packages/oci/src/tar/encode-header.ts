import { InternalError } from '@strake/api';
import { paxRecord, paxTime } from './pax';
import { TYPE_FLAGS, type TarHeader } from './tar-entry';

const BLOCK = 512;
const SECOND = 1_000_000_000n;
const MAX_ID = 0o7777777;
const MAX_SIZE = 0o77777777777;
const MAX_TIME = 0o77777777777n;

/**
 * One entry's header blocks: ustar, and before it a PAX header for whatever ustar cannot hold. No user or group names.
 * The form is fixed: the same header always gives the same bytes.
 */
export function encodeHeader(header: TarHeader): Buffer {
  const records = paxRecords(header, pathOf(header));
  const target = Buffer.allocUnsafe(BLOCK + extensionBytes(records));
  writeBlocks(target, 0, header, records);
  return target;
}

/** As `encodeHeader`, into a buffer; answers the number of bytes. Layers have many small files: nothing is made for one that is not needed. Throws INTERNAL when there is no room. */
export function writeHeader(target: Buffer, at: number, header: TarHeader): number {
  const records = paxRecords(header, pathOf(header));
  const bytes = BLOCK + extensionBytes(records);
  if (at + bytes > target.length) throw new InternalError(`the headers of a layer's entry take ${bytes} bytes`);
  writeBlocks(target, at, header, records);
  return bytes;
}

const SLASH = Buffer.from('/');
const EXTENSION_PREFIX = Buffer.from('PaxHeaders.0/');
const EXTENSION = { type: 'file', path: EXTENSION_PREFIX, mode: 0o644, uid: 0, gid: 0, size: 0, mtime: 0n } as const;

const pathOf = ({ type, path }: TarHeader): Buffer => (type === 'directory' ? Buffer.concat([path, SLASH]) : path);

const bytesOf = (records: readonly Buffer[]): number => records.reduce((sum, { length }) => sum + length, 0);

function extensionBytes(records: readonly Buffer[]): number {
  const length = bytesOf(records);
  return length === 0 ? 0 : BLOCK + length + paddingOf(length);
}

function writeBlocks(target: Buffer, start: number, header: TarHeader, records: readonly Buffer[]): void {
  const path = pathOf(header);
  let at = start;
  if (records.length > 0) {
    const length = bytesOf(records);
    ustarBlock(target, at, EXTENSION, 'x', length, path);
    at += BLOCK;
    for (const record of records) at += record.copy(target, at);
    const end = at + paddingOf(length);
    target.fill(0, at, end);
    at = end;
  }
  ustarBlock(target, at, header, TYPE_FLAGS[header.type], header.size, header.type === 'directory' ? SLASH : undefined);
}

/** Zero bytes after content of a size. */
export function paddingOf(size: number): number {
  return (BLOCK - (size % BLOCK)) % BLOCK;
}

function paxRecords(header: TarHeader, path: Buffer): Buffer[] {
  const records: Buffer[] = [];
  if (!fits(path)) records.push(paxRecord('path', path));
  if (header.target !== undefined && !fits(header.target)) records.push(paxRecord('linkpath', header.target));
  if (header.size > MAX_SIZE) records.push(paxRecord('size', String(header.size)));
  if (header.uid > MAX_ID) records.push(paxRecord('uid', String(header.uid)));
  if (header.gid > MAX_ID) records.push(paxRecord('gid', String(header.gid)));
  if (header.mtime < 0n || header.mtime % SECOND !== 0n || header.mtime / SECOND > MAX_TIME) records.push(paxRecord('mtime', paxTime(header.mtime)));
  for (const [name, value] of header.xattrs ?? []) records.push(paxRecord(`SCHILY.xattr.${name}`, value));
  return records;
}

/** Whether ustar's 100 bytes hold a name, as plain ASCII. Its prefix field is not used: one rule fewer to get wrong. */
function fits(name: Buffer): boolean {
  if (name.length > 100) return false;
  for (let at = 0; at < name.length; at += 1) if ((name[at] ?? 0) >= 0x80) return false;
  return true;
}

/** A block in which every number is zero and the checksum's field blank, as it counts in the sum. */
const TEMPLATE = ((): Buffer => {
  const block = Buffer.alloc(BLOCK);
  for (const [at, length] of [[100, 8], [108, 8], [116, 8], [124, 12], [136, 12], [329, 8], [337, 8]] as const) block.fill('0', at, at + length - 1);
  block.fill(' ', 148, 156);
  block.write('ustar\x0000', 257, 'latin1');
  return block;
})();

const NAME_BYTES = 100;

/** `more` follows the header's path. */
function ustarBlock(target: Buffer, start: number, header: TarHeader, flag: string, size: number, more: Buffer | undefined): void {
  TEMPLATE.copy(target, start);
  const named = header.path.copy(target, start, 0, NAME_BYTES);
  if (more !== undefined) more.copy(target, start + named, 0, NAME_BYTES - named);
  octal(target, start + 100, 8, header.mode);
  octal(target, start + 108, 8, header.uid > MAX_ID ? 0 : header.uid);
  octal(target, start + 116, 8, header.gid > MAX_ID ? 0 : header.gid);
  octal(target, start + 124, 12, size > MAX_SIZE ? 0 : size);
  octal(target, start + 136, 12, ustarTime(header.mtime));
  target[start + 156] = flag.charCodeAt(0);
  if (header.target !== undefined) header.target.copy(target, start + 157, 0, NAME_BYTES);
  octal(target, start + 329, 8, header.major ?? 0);
  octal(target, start + 337, 8, header.minor ?? 0);
  let sum = 0;
  for (let at = start; at < start + BLOCK; at += 1) sum += target[at] ?? 0;
  target.fill(ZERO, start + 148, start + 154);
  octal(target, start + 148, 7, sum);
}

const ZERO = 0x30;

function ustarTime(nanoseconds: bigint): number {
  const seconds = nanoseconds / SECOND;
  return nanoseconds < 0n || seconds > MAX_TIME ? 0 : Number(seconds);
}

/** Writes the digits over the template's zeros, and the end mark. Throws nothing: what does not fit went into PAX. */
function octal(block: Buffer, at: number, length: number, value: number): void {
  let rest = value;
  for (let place = at + length - 2; rest > 0 && place >= at; place -= 1) {
    block[place] = ZERO + (rest % 8);
    rest = Math.floor(rest / 8);
  }
  block[at + length - 1] = 0;
}
