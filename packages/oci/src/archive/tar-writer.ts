import { InternalError } from '@strake/api';
import type { ByteSource } from '../compression/decompressed';
import { encodeHeader, paddingOf } from '../tar/encode-header';
import type { TarHeader } from '../tar/tar-entry';

/** Takes bytes; a promise where it must be waited for. */
export type Write = (chunk: Buffer) => void | Promise<void>;

const PLAIN = { uid: 0, gid: 0, mtime: 0n } as const;

/** Writes a tar whose bytes depend on names and contents only: owner root, time 0. */
export class TarWriter {
  readonly #write: Write;

  constructor(write: Write) {
    this.#write = write;
  }

  async directory(path: string): Promise<void> {
    await this.#header({ ...PLAIN, type: 'directory', path: Buffer.from(path), mode: 0o755, size: 0 });
  }

  /** Adds a file. Exactly `size` bytes must come. */
  async file(path: string, size: number, content: ByteSource): Promise<void> {
    await this.#header({ ...PLAIN, type: 'file', path: Buffer.from(path), mode: 0o644, size });
    let written = 0;
    for await (const chunk of content) {
      written += chunk.length;
      if (written > size) break;
      await this.#write(chunk);
    }
    if (written !== size) throw new InternalError(`${path} should have ${size} bytes but has ${written > size ? 'more' : written}`);
    await this.#write(Buffer.alloc(paddingOf(size)));
  }

  async end(): Promise<void> {
    await this.#write(Buffer.alloc(1024));
  }

  async #header(header: TarHeader): Promise<void> {
    await this.#write(encodeHeader(header));
  }
}
