import { badArchive, readRawHeader, resolveHeader, safely, type RawHeader } from './decode-header';
import { readPaxRecords } from './pax';
import type { TarHeader } from './tar-entry';

/** What a reader tells: an entry's header and where in the tar its content begins, its content in pieces (valid during the call only), its end. */
export interface TarHooks {
  entry(header: TarHeader, offset: number): void;
  content(chunk: Buffer): void;
  end(): void;
}

/** Names and PAX headers that come to more than this are refused: before one entry, and global ones in all. */
const MAX_EXTENSION = 1 << 20;
const BLOCK = 512;
const ZEROS = Buffer.alloc(BLOCK);

/** A tar reader that is pushed into, synchronous: ustar, PAX (local and global) and GNU long names. Throws IMAGE_INVALID. */
export class TarReader {
  readonly #hooks: TarHooks;
  #pending: Buffer = Buffer.alloc(0);
  #left = 0;
  #offset = 0;
  #padding = 0;
  #extension: { readonly raw: RawHeader; readonly chunks: Buffer[] } | undefined;
  #global = new Map<string, Buffer>();
  #local = new Map<string, Buffer>();
  #localBytes = 0;
  #globalBytes = 0;
  #finished = false;

  constructor(hooks: TarHooks) {
    this.#hooks = hooks;
  }

  /** Takes the next bytes. */
  write(chunk: Buffer): void {
    let rest = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    this.#pending = Buffer.alloc(0);
    while (rest.length > 0 && !this.#finished) {
      const used = this.#step(rest);
      if (used === 0) break;
      rest = rest.subarray(used);
      this.#offset += used;
    }
    // The caller may use its buffer again.
    if (!this.#finished) this.#pending = Buffer.from(rest);
  }

  /** No more bytes come. Throws IMAGE_INVALID when an entry is cut short. */
  end(): void {
    if (this.#left > 0 || this.#extension !== undefined || this.#local.size > 0 || (!this.#finished && this.#pending.length > 0)) {
      throw badArchive('it ends in the middle of an entry');
    }
  }

  #step(bytes: Buffer): number {
    if (this.#left > 0) return this.#content(bytes.subarray(0, this.#left));
    if (this.#padding > 0) {
      const skipped = Math.min(this.#padding, bytes.length);
      this.#padding -= skipped;
      return skipped;
    }
    if (bytes.length < BLOCK) return 0;
    const block = bytes.subarray(0, BLOCK);
    if (block.equals(ZEROS)) this.#finished = true;
    else this.#header(readRawHeader(Buffer.from(block)));
    return BLOCK;
  }

  #header(raw: RawHeader): void {
    if ('xgLK'.includes(raw.flag)) {
      this.#count(raw);
      this.#extension = { raw, chunks: [] };
      this.#begin(raw.size);
      return;
    }
    const header = resolveHeader(raw, this.#records());
    this.#local = new Map();
    this.#localBytes = 0;
    this.#hooks.entry(header, this.#offset + BLOCK);
    this.#begin(header.size);
  }

  #count({ flag, size }: RawHeader): void {
    const total = flag === 'g' ? (this.#globalBytes += size) : (this.#localBytes += size);
    if (total > MAX_EXTENSION) throw badArchive('an extended header is too large');
  }

  /** Local records stand before global ones; an empty value takes a record away (POSIX), but for attributes, which may be empty. */
  #records(): ReadonlyMap<string, Buffer> {
    const all = new Map([...this.#global, ...this.#local]);
    for (const [key, value] of all) if (value.length === 0 && !key.startsWith('SCHILY.xattr.')) all.delete(key);
    return all;
  }

  #begin(size: number): void {
    this.#left = size;
    this.#padding = (BLOCK - (size % BLOCK)) % BLOCK;
    if (size === 0) this.#close();
  }

  #content(part: Buffer): number {
    if (this.#extension === undefined) this.#hooks.content(part);
    else this.#extension.chunks.push(Buffer.from(part));
    this.#left -= part.length;
    if (this.#left === 0) this.#close();
    return part.length;
  }

  #close(): void {
    const extension = this.#extension;
    this.#extension = undefined;
    if (extension === undefined) this.#hooks.end();
    else this.#extend(extension.raw.flag, Buffer.concat(extension.chunks));
  }

  #extend(flag: string, body: Buffer): void {
    if (flag === 'L' || flag === 'K') {
      const end = body.indexOf(0);
      this.#local.set(flag === 'L' ? 'path' : 'linkpath', end < 0 ? body : body.subarray(0, end));
      return;
    }
    const records = safely(() => readPaxRecords(body));
    for (const [key, value] of records) (flag === 'g' ? this.#global : this.#local).set(key, value);
  }
}
