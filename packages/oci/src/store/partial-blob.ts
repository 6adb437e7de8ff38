import { createReadStream, fstatSync, closeSync, openSync, rmSync, ftruncateSync } from 'node:fs';
import { lockLiveFile, type HeldLock } from './lock-file';

/**
 * What has come of a blob whose transfer ended before its time: of a process that was killed, or of a connection that broke. Nothing of it is
 * believed: whoever goes on with it hashes it anew. One transfer has it at a time, for as long as its process lives.
 */
export class PartialBlob {
  readonly path: string;
  /** Bytes that were there when it was taken. */
  readonly size: number;
  readonly #lock: HeldLock;

  private constructor(path: string, size: number, lock: HeldLock) {
    this.path = path;
    this.size = size;
    this.#lock = lock;
  }

  /** Takes the file at `path`, made where there is none, emptied where it has more than `most` bytes; undefined while another transfer has it. */
  static take(path: string, most: number): PartialBlob | undefined {
    const lock = lockLiveFile(path);
    return lock === undefined ? undefined : new PartialBlob(path, sizeUpTo(path, most), lock);
  }

  /** The bytes that were there. */
  async *read(): AsyncGenerator<Buffer, void, undefined> {
    if (this.size > 0) yield* createReadStream(this.path, { end: this.size - 1, highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>;
  }

  /** Removes it. */
  drop(): void {
    rmSync(this.path, { force: true });
  }

  /** Another transfer may have it, if it is still there. */
  release(): void {
    this.#lock.release();
  }
}

function sizeUpTo(path: string, most: number): number {
  const fd = openSync(path, 'r+');
  try {
    const { size } = fstatSync(fd);
    if (size <= most) return size;
    ftruncateSync(fd);
    return 0;
  } finally {
    closeSync(fd);
  }
}
