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
  const path = header.type === 'directory' ? Buffer.concat([header.path, Buffer.from('/')]) : header.path;
  const records = paxRecords(header, path);
  const main = ustarBlock(header, path, TYPE_FLAGS[header.type], header.size);
  if (records.length === 0) return main;
  const body = Buffer.concat(records);
  const name = Buffer.concat([Buffer.from('PaxHeaders.0/'), path]);
  const extended: TarHeader = { path: name, type: 'file', mode: 0o644, uid: 0, gid: 0, size: body.length, mtime: 0n };
  return Buffer.concat([ustarBlock(extended, name, 'x', body.length), body, Buffer.alloc(paddingOf(body.length)), main]);
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

function ustarBlock(header: TarHeader, path: Buffer, flag: string, size: number): Buffer {
  const block = Buffer.from(TEMPLATE);
  path.copy(block, 0, 0, 100);
  octal(block, 100, 8, header.mode);
  octal(block, 108, 8, header.uid > MAX_ID ? 0 : header.uid);
  octal(block, 116, 8, header.gid > MAX_ID ? 0 : header.gid);
  octal(block, 124, 12, size > MAX_SIZE ? 0 : size);
  octal(block, 136, 12, ustarTime(header.mtime));
  block[156] = flag.charCodeAt(0);
  header.target?.copy(block, 157, 0, 100);
  octal(block, 329, 8, header.major ?? 0);
  octal(block, 337, 8, header.minor ?? 0);
  let sum = 0;
  for (let at = 0; at < BLOCK; at += 1) sum += block[at] ?? 0;
  block.fill('0', 148, 154);
  octal(block, 148, 7, sum);
  return block;
}

function ustarTime(nanoseconds: bigint): number {
  const seconds = nanoseconds / SECOND;
  return nanoseconds < 0n || seconds > MAX_TIME ? 0 : Number(seconds);
}

/** Writes the digits over the template's zeros, and the end mark. Throws nothing: what does not fit went into PAX. */
function octal(block: Buffer, at: number, length: number, value: number): void {
  let rest = value;
  for (let place = at + length - 2; rest > 0 && place >= at; place -= 1) {
    block[place] = 0x30 + (rest % 8);
    rest = Math.floor(rest / 8);
  }
  block[at + length - 1] = 0;
}
