import { closeSync, ftruncateSync, openSync, readSync, unlinkSync, writeSync } from 'node:fs';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';

/** Bytes that are held in memory; what is more goes to a file. */
export const MOST_IN_MEMORY = 1 << 20;
/** What a piece costs beside its bytes: a million pieces of one byte are no megabyte. */
const OVERHEAD = 128;

/** Bytes that wait, first in, first out. Memory holds a megabyte of them; the rest is in a file of `folder` that has no name, so that it ends with the process. */
export class Spool {
  readonly #folder: string;
  readonly #pieces: Buffer[] = [];
  #inMemory = 0;
  #file: number | undefined;
  #written = 0;
  #read = 0;
  #size = 0;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Bytes that wait. */
  get size(): number {
    return this.#size;
  }

  append(piece: Buffer): void {
    this.#size += piece.length;
    if (this.#written === this.#read && this.#inMemory + piece.length + OVERHEAD <= MOST_IN_MEMORY) {
      this.#pieces.push(piece);
      this.#inMemory += piece.length + OVERHEAD;
      return;
    }
    this.#file ??= openNameless(this.#folder);
    for (let at = 0; at < piece.length; ) at += writeSync(this.#file, piece, at, piece.length - at, this.#written + at);
    this.#written += piece.length;
  }

  /** The next bytes, all of the memory's or 256 KiB of the file's; undefined when nothing waits. */
  take(): Buffer | undefined {
    const taken = this.#pieces.length > 0 ? this.#takeMemory() : this.#takeFile();
    this.#size -= taken?.length ?? 0;
    return taken;
  }

  /** Forgets what waits. */
  close(): void {
    if (this.#file !== undefined) closeSync(this.#file);
    this.#file = undefined;
    this.#pieces.length = 0;
    this.#inMemory = this.#written = this.#read = this.#size = 0;
  }

  #takeMemory(): Buffer {
    this.#inMemory = 0;
    return Buffer.concat(this.#pieces.splice(0));
  }

  #takeFile(): Buffer | undefined {
    if (this.#file === undefined || this.#read === this.#written) return undefined;
    const piece = Buffer.allocUnsafe(Math.min(256 << 10, this.#written - this.#read));
    const count = readSync(this.#file, piece, 0, piece.length, this.#read);
    this.#read += count;
    if (this.#read === this.#written) {
      ftruncateSync(this.#file);
      this.#read = this.#written = 0;
    }
    return piece.subarray(0, count);
  }
}

function openNameless(folder: string): number {
  const path = join(folder, `spool-${randomUUID()}`);
  const file = openSync(path, 'wx+', 0o600);
  unlinkSync(path);
  return file;
}
