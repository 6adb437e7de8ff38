import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync, type Stats } from 'node:fs';
import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { pathBytes, decodeName } from './file-name';

/** What a file looked like when its content was read. A changed content changes at least one of these, or was made in the same tick. */
interface StatRecord {
  readonly path: string;
  readonly size: number;
  readonly mode: number;
  readonly ino: number;
  /** Milliseconds with fractions: good to a quarter of a microsecond, far finer than the kernel's clock tick. */
  readonly mtime: number;
  readonly ctime: number;
  readonly digest: string;
}

const MAGIC = Buffer.from('strake-stat-cache-1\n');
const CHECK = 32;
const HEAD = 4 + 4 + 4 * 8 + 32;
/** A file touched this short before it was read may change again without its times changing: it is read again. */
const RACY = 2000;

/**
 * The digests of files that were read before, so that a file whose stat has not changed is not read again.
 * One file on disk; a damaged or foreign one counts as empty.
 */
export class StatCache {
  private readonly known: ReadonlyMap<string, StatRecord>;
  private readonly fresh = new Map<string, StatRecord>();
  private changed = false;

  /** Without a path nothing is kept. */
  constructor(private readonly file?: string) {
    this.known = file === undefined ? new Map() : readCache(file);
  }

  /** The digest of a file's content: remembered, or made by `read`. `stats` were taken before. */
  digest(path: string, stats: Stats, read: () => string): string {
    const record = this.known.get(path);
    if (record !== undefined && isSame(record, stats)) {
      this.fresh.set(path, record);
      return record.digest;
    }
    const before = Date.now();
    const digest = read();
    if (Math.max(stats.mtimeMs, stats.ctimeMs) + RACY < before) {
      const { size, mode, ino, mtimeMs: mtime, ctimeMs: ctime } = stats;
      this.fresh.set(path, { path, size, mode, ino, mtime, ctime, digest });
      this.changed = true;
    }
    return digest;
  }

  /** Writes what was learnt, atomically. Failing to write is no error: it is a cache. */
  save(): void {
    if (this.file === undefined || !this.changed) return;
    const records = new Map(this.known);
    for (const [path, record] of this.fresh) records.set(path, record);
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      mkdirSync(dirname(this.file), { recursive: true });
      writeFileSync(temporary, encode([...records.values()]));
      renameSync(temporary, this.file);
      this.changed = false;
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}

function isSame(record: StatRecord, stats: Stats): boolean {
  return (
    record.size === stats.size &&
    record.mtime === stats.mtimeMs &&
    record.ctime === stats.ctimeMs &&
    record.ino === stats.ino &&
    record.mode === stats.mode
  );
}

/** Magic, sha256 of the rest, then per record: path length, mode, size, ino, mtime, ctime, digest, path. */
function encode(records: readonly StatRecord[]): Buffer {
  const body = Buffer.concat(records.map(encodeRecord));
  return Buffer.concat([MAGIC, createHash('sha256').update(body).digest(), body]);
}

function encodeRecord(record: StatRecord): Buffer {
  const path = pathBytes(record.path);
  const head = Buffer.alloc(HEAD);
  head.writeUInt32LE(path.length, 0);
  head.writeUInt32LE(record.mode, 4);
  for (const [index, value] of [record.size, record.ino, record.mtime, record.ctime].entries()) head.writeDoubleLE(value, 8 + index * 8);
  head.write(record.digest, 40, 'hex');
  return Buffer.concat([head, path]);
}

function readCache(file: string): ReadonlyMap<string, StatRecord> {
  const records = new Map<string, StatRecord>();
  const bytes = readIfThere(file);
  const start = MAGIC.length + CHECK;
  if (bytes === undefined || bytes.length < start || !bytes.subarray(0, MAGIC.length).equals(MAGIC)) return records;
  const body = bytes.subarray(start);
  if (!createHash('sha256').update(body).digest().equals(bytes.subarray(MAGIC.length, start))) return records;
  for (let at = 0; at < body.length; ) {
    const length = body.readUInt32LE(at);
    const record = decodeRecord(body.subarray(at, at + HEAD + length));
    records.set(record.path, record);
    at += HEAD + length;
  }
  return records;
}

function decodeRecord(bytes: Buffer): StatRecord {
  return {
    path: decodeName(bytes.subarray(HEAD)),
    mode: bytes.readUInt32LE(4),
    size: bytes.readDoubleLE(8),
    ino: bytes.readDoubleLE(16),
    mtime: bytes.readDoubleLE(24),
    ctime: bytes.readDoubleLE(32),
    digest: bytes.toString('hex', 40, HEAD),
  };
}

function readIfThere(file: string): Buffer | undefined {
  try {
    return readFileSync(file);
  } catch {
    return undefined;
  }
}
