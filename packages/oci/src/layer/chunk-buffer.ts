import type { Digest } from '@strake/api';
import { createHash } from 'node:crypto';

/** Of every chunk but the last, in bytes: those of a compressor's blocks, so that nobody has to cut them again. */
export const CHUNK_BYTES = 1 << 20;
/** Room behind a chunk for one entry's headers: a PAX header with the most that a file's attributes can hold. What is written there goes into the next one. */
const HEADER_ROOM = 512 << 10;

/** How chunks are handed out. */
export interface ChunkOptions {
  /** Chunks are the caller's to keep. */
  readonly kept?: boolean | undefined;
  /** Whoever takes the chunks hashes them: the answer's digest is that of nothing. */
  readonly unhashed?: boolean | undefined;
  /** Gives back what an earlier chunk of the same layer lay in, if anything is free. */
  readonly memory?: (() => ArrayBuffer | undefined) | undefined;
}

export type Chunks<T = void> = Generator<Buffer, T, undefined>;

/** Gathers a tar's bytes into chunks of a MiB, counts and hashes them. */
export class ChunkBuffer {
  readonly #hash = createHash('sha256');
  readonly #options: ChunkOptions;
  #bytes: Buffer;
  #used = 0;
  #size = 0;

  constructor(options: ChunkOptions) {
    this.#options = options;
    this.#bytes = this.#free();
  }

  /** Bytes that have been handed out. */
  get size(): number {
    return this.#size;
  }

  /** Of what has been handed out. Once. */
  digest(): Digest {
    return `sha256:${this.#hash.digest('hex')}`;
  }

  put(bytes: Buffer): void {
    this.#used += bytes.copy(this.#bytes, this.#used);
  }

  /** Lets somebody write to a place in a buffer, where there is always room for an entry's headers; told is how many bytes it were. */
  write(writer: (target: Buffer, at: number) => number): void {
    this.#used += writer(this.#bytes, this.#used);
  }

  /** As `write`, of bytes that end with the chunk. */
  fill(wanted: number, reader: (target: Buffer, at: number, length: number) => number): number {
    const got = reader(this.#bytes, this.#used, Math.min(wanted, CHUNK_BYTES - this.#used));
    this.#used += got;
    return got;
  }

  /** The next chunk, if it is full. One that is kept may be given to another thread: what follows it is taken out of it before. */
  *flush(): Chunks {
    if (this.#used < CHUNK_BYTES) return;
    const { kept } = this.#options;
    const chunk = this.#count(this.#bytes.subarray(0, CHUNK_BYTES));
    if (kept !== true) yield chunk;
    const rest = this.#bytes.subarray(CHUNK_BYTES, this.#used);
    if (kept === true) this.#bytes = this.#free();
    this.#used = rest.copy(this.#bytes);
    if (kept === true) yield chunk;
  }

  /** Everything that is left. */
  *end(): Chunks {
    yield* this.flush();
    if (this.#used === 0) return;
    const chunk = this.#count(this.#bytes.subarray(0, this.#used));
    this.#used = 0;
    yield chunk;
  }

  #free(): Buffer {
    const memory = this.#options.memory?.();
    return memory === undefined ? Buffer.allocUnsafeSlow(CHUNK_BYTES + HEADER_ROOM) : Buffer.from(memory);
  }

  #count(chunk: Buffer): Buffer {
    if (this.#options.unhashed !== true) this.#hash.update(chunk);
    this.#size += chunk.length;
    return chunk;
  }
}
