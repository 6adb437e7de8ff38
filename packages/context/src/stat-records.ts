import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { EntryFacts } from './entry-facts';
import type { EntryStats } from './entry-stats';
import { decodeName, pathBytes } from './file-name';

/** What something looked like when it was read, and what was read. */
export interface StatRecord extends Omit<EntryStats, 'uid' | 'gid' | 'rdev'>, EntryFacts {
  readonly path: string;
}

const MAGIC = Buffer.from('strake-stat-cache-2\n');
const CHECK = 32;
/** Length of the path, of the content's and of the attributes' digest, mode; size, inode, times; two digests. */
const HEAD = 2 + 1 + 1 + 4 + 4 * 8 + 32 + 32;
const DIGESTS = 40;

/**
 * The records of a file, taken one by one. A context is asked in the same order every time, so that the next record is
 * almost always the one that is wanted; only where the order breaks an index of the rest is made.
 */
export class StatRecords {
  private readonly body: Buffer;
  private at = 0;
  private index: Map<string, StatRecord> | undefined;

  /** A file that is not there, or not whole, has none. */
  constructor(file: string | undefined) {
    this.body = file === undefined ? Buffer.alloc(0) : readBody(file);
  }

  /** The record of a path; each can be had once. */
  take(path: string): StatRecord | undefined {
    const next = this.index === undefined ? this.next() : undefined;
    if (next === undefined || next.path === path) return next ?? this.takeFromIndex(path);
    this.index = new Map([next, ...this.decodeRest()].map((record) => [record.path, record]));
    return this.takeFromIndex(path);
  }

  /** Those that were not taken. */
  rest(): readonly StatRecord[] {
    return this.index === undefined ? this.decodeRest() : [...this.index.values()];
  }

  private takeFromIndex(path: string): StatRecord | undefined {
    const record = this.index?.get(path);
    this.index?.delete(path);
    return record;
  }

  private decodeRest(): readonly StatRecord[] {
    const records: StatRecord[] = [];
    for (let record = this.next(); record !== undefined; record = this.next()) records.push(record);
    return records;
  }

  private next(): StatRecord | undefined {
    if (this.at >= this.body.length) return undefined;
    const record = decodeRecord(this.body, this.at);
    this.at += HEAD + this.body.readUInt16LE(this.at);
    return record;
  }
}

/** Magic, sha256 of the rest, the records. */
export function encodeRecords(records: readonly StatRecord[]): Buffer {
  const body = Buffer.concat(records.map(encodeRecord));
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

function encodeRecord({ path, content, xattrs, mode, size, ino, mtimeMs, ctimeMs }: StatRecord): Buffer {
  const name = pathBytes(path);
  const head = Buffer.alloc(HEAD);
  head.writeUInt16LE(name.length, 0);
  head.writeUInt8(content.length / 2, 2);
  head.writeUInt8(xattrs.length / 2, 3);
  head.writeUInt32LE(mode, 4);
  for (const [index, value] of [size, ino, mtimeMs, ctimeMs].entries()) head.writeDoubleLE(value, 8 + index * 8);
  head.write(content, DIGESTS, 'hex');
  head.write(xattrs, DIGESTS + 32, 'hex');
  return Buffer.concat([head, name]);
}

function decodeRecord(bytes: Buffer, at: number): StatRecord {
  const digests = at + DIGESTS;
  const end = at + HEAD;
  return {
    path: decodeName(bytes.subarray(end, end + bytes.readUInt16LE(at))),
    mode: bytes.readUInt32LE(at + 4),
    size: bytes.readDoubleLE(at + 8),
    ino: bytes.readDoubleLE(at + 16),
    mtimeMs: bytes.readDoubleLE(at + 24),
    ctimeMs: bytes.readDoubleLE(at + 32),
    content: bytes.toString('hex', digests, digests + bytes.readUInt8(at + 2)),
    xattrs: bytes.toString('hex', digests + 32, digests + 32 + bytes.readUInt8(at + 3)),
  };
}

function readBody(file: string): Buffer {
  const start = MAGIC.length + CHECK;
  const bytes = readIfThere(file);
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) return Buffer.alloc(0);
  const body = bytes.subarray(start);
  return createHash('sha256').update(body).digest().equals(bytes.subarray(MAGIC.length, start)) ? body : Buffer.alloc(0);
}

function readIfThere(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    return Buffer.alloc(0);
  }
}
