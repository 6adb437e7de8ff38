import { createReadStream } from 'node:fs';
import type { ByteSource } from '../compression/decompressed';
import { pathParts } from '../layer/safe-path';
import type { TarHeader } from '../tar/tar-entry';
import { TarReader } from '../tar/tar-reader';
import { invalidImage, type InputFiles } from './input-files';

type Entry = { readonly offset: number; readonly size: number } | { readonly target: string };

/** No image archive has its files deeper (`blobs/sha256/…`); root file systems have. */
const MAX_DEPTH = 3;
const MAX_LINKS = 8;

/** Finds the files in a tar while its bytes pass; then reads them from a file that holds the same bytes. */
export class TarFiles {
  readonly #entries = new Map<string, Entry>();
  readonly #shown: string;
  #count = 0;

  constructor(shown: string) {
    this.#shown = shown;
  }

  /** How many entries passed. */
  get count(): number {
    return this.#count;
  }

  /** Passes bytes on and reads the tar in them. Throws IMAGE_INVALID when it is none, or is cut short, or names a file twice. */
  async *watch(source: ByteSource): AsyncGenerator<Buffer, void, undefined> {
    const reader = new TarReader({ entry: (header, offset) => this.#entry(header, offset), content: () => undefined, end: () => undefined });
    for await (const chunk of source) {
      reader.write(chunk);
      yield chunk;
    }
    reader.end();
  }

  /** The files, read from a tar on disk. */
  from(file: string): InputFiles {
    return {
      shown: this.#shown,
      size: (path) => this.#find(path)?.size,
      open: (path) => {
        const found = this.#find(path);
        if (found === undefined) throw invalidImage(this.#shown, `${path} is missing`);
        // A range has an inclusive end: nothing has none.
        if (found.size === 0) return [];
        return createReadStream(file, { start: found.offset, end: found.offset + found.size - 1, highWaterMark: 1 << 20 });
      },
    };
  }

  #entry(header: TarHeader, offset: number): void {
    this.#count += 1;
    const path = normal(header.path);
    const entry = entryOf(header, path, offset);
    if (entry === undefined || path.split('/').length > MAX_DEPTH) return;
    if (this.#entries.has(path)) throw invalidImage(this.#shown, `${path} is in it twice`);
    this.#entries.set(path, entry);
  }

  #find(path: string): { readonly offset: number; readonly size: number } | undefined {
    let next = normal(Buffer.from(path));
    for (let links = 0; links <= MAX_LINKS; links += 1) {
      const entry = this.#entries.get(next);
      if (entry === undefined || 'size' in entry) return entry;
      next = entry.target;
    }
    return undefined;
  }
}

function entryOf(header: TarHeader, path: string, offset: number): Entry | undefined {
  switch (header.type) {
    case 'file':
      return { offset, size: header.size };
    case 'link':
      return { target: normal(header.target ?? Buffer.alloc(0)) };
    case 'symlink':
      return linkTarget(path, header.target?.toString() ?? '');
    case 'directory':
    case 'character':
    case 'block':
    case 'fifo':
      return undefined;
  }
}

/** Where a symbolic link leads in the archive (older `docker save` links equal layers); undefined when it leads out of it. */
function linkTarget(path: string, target: string): Entry | undefined {
  if (target.startsWith('/')) return undefined;
  const parts = path.split('/').slice(0, -1);
  for (const part of target.split('/')) {
    if (part === '..' && parts.length === 0) return undefined;
    if (part === '..') parts.pop();
    else if (part !== '.' && part !== '') parts.push(part);
  }
  return { target: parts.join('/') };
}

function normal(path: Buffer): string {
  return pathParts(path).map(String).join('/');
}
