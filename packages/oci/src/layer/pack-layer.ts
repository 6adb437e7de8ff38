import type { Digest } from '@strake/api';
import { DockerfileError, OperatorError } from '@strake/api';
import { splitDevice } from '@strake/syscalls';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { encodeHeader, paddingOf } from '../tar/encode-header';
import type { TarHeader, TarType } from '../tar/tar-entry';
import { withLayerErrors } from './layer-errors';
import { readLayerXattrs } from './layer-xattrs';
import { OPAQUE, startsWith, WHITEOUT } from './whiteout';

/** Changes whenever the bytes of a packed tree would: digests of built layers depend on it. */
export const LAYER_FORMAT = 1;

const BUFFER_BYTES = 4 << 20;
const SLASH = Buffer.from('/');
const EMPTY = { uid: 0, gid: 0, size: 0, mtime: 0n, mode: 0 } as const;

/** What a packed layer is: the digest and the number of bytes of its uncompressed tar. */
export interface PackedLayer {
  readonly diffId: Digest;
  readonly size: number;
}

/**
 * Packs an overlay upper directory as an OCI layer tar, uncompressed: entries sorted by the bytes of their names within
 * each directory, a directory before its content, the root itself left out; whiteouts and opaque directories in the
 * image specification's form; sockets, which no tar holds, left out. Synchronous; the same tree always gives the same bytes. `sink` gets
 * chunks that are valid only during the call. Throws DISK_FULL, PERMISSION; UNSUPPORTED for a file whose name would mean a whiteout.
 */
export function packLayer(directory: string, sink: (chunk: Buffer) => void): PackedLayer {
  return withLayerErrors(`packing ${directory}`, () => {
    const chunks = packLayerChunks(directory);
    for (;;) {
      const next = chunks.next();
      if (next.done === true) return next.value;
      sink(next.value);
    }
  });
}

/** As `packLayer`, pulled: each chunk, at most 4 MiB, is valid until the next one is asked for. */
export function packLayerChunks(directory: string): Generator<Buffer, PackedLayer, undefined> {
  return new LayerPacker().pack(Buffer.from(directory));
}

type Chunks<T = void> = Generator<Buffer, T, undefined>;

class LayerPacker {
  readonly #hash = createHash('sha256');
  readonly #buffer = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  readonly #links = new Map<string, Buffer>();
  #used = 0;
  #size = 0;

  *pack(root: Buffer): Chunks<PackedLayer> {
    const opaque = readLayerXattrs(root).opaque;
    if (opaque) yield* this.#put(encodeHeader({ ...EMPTY, type: 'file', path: OPAQUE }));
    yield* this.#directory(root, Buffer.alloc(0));
    yield* this.#put(Buffer.alloc(1024));
    yield this.#flush();
    return { diffId: `sha256:${this.#hash.digest('hex')}`, size: this.#size };
  }

  *#directory(folder: Buffer, prefix: Buffer): Chunks {
    const names = readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b));
    for (const name of names) {
      const path = prefix.length === 0 ? name : Buffer.concat([prefix, SLASH, name]);
      yield* this.#entry(Buffer.concat([folder, SLASH, name]), path, prefix, name);
    }
  }

  *#entry(file: Buffer, path: Buffer, prefix: Buffer, name: Buffer): Chunks {
    if (startsWith(name, WHITEOUT)) throw hides(path);
    const stat = lstatSync(file, { bigint: true });
    const type = typeOf(stat);
    if (type === undefined) return;
    if (type === 'character' && stat.rdev === 0n) {
      return yield* this.#put(encodeHeader({ ...EMPTY, type: 'file', path: marker(prefix, Buffer.concat([WHITEOUT, name])) }));
    }
    const target = this.#linkTarget(stat, type, path);
    if (target !== undefined) return yield* this.#put(encodeHeader({ ...identity(stat), type: 'link', path, target, size: 0 }));
    const { kept, opaque } = readLayerXattrs(file);
    const header = headerOf(file, path, type, stat, kept);
    yield* this.#put(encodeHeader(header));
    if (type === 'file') yield* this.#content(file, header.size);
    if (type !== 'directory') return;
    if (opaque) yield* this.#put(encodeHeader({ ...EMPTY, type: 'file', path: marker(path, OPAQUE) }));
    yield* this.#directory(file, path);
  }

  /** The earlier entry of the same inode; remembers the first. */
  #linkTarget(stat: BigIntStats, type: TarType, path: Buffer): Buffer | undefined {
    if (stat.nlink < 2n || type === 'directory') return undefined;
    const key = `${stat.dev}:${stat.ino}`;
    const target = this.#links.get(key);
    if (target === undefined) this.#links.set(key, path);
    return target;
  }

  *#content(file: Buffer, size: number): Chunks {
    if (size === 0) return;
    const fd = openSync(file, 'r');
    try {
      for (let left = size; left > 0; ) {
        if (this.#used === BUFFER_BYTES) yield this.#flush();
        const got = readSync(fd, this.#buffer, this.#used, Math.min(left, BUFFER_BYTES - this.#used), null);
        if (got === 0) throw new OperatorError('SOURCE_MISSING', `${file.toString()} shrank while it was packed`);
        this.#used += got;
        left -= got;
      }
    } finally {
      closeSync(fd);
    }
    yield* this.#put(Buffer.alloc(paddingOf(size)));
  }

  *#put(bytes: Buffer): Chunks {
    for (let done = 0; done < bytes.length; ) {
      if (this.#used === BUFFER_BYTES) yield this.#flush();
      const copied = bytes.copy(this.#buffer, this.#used, done);
      this.#used += copied;
      done += copied;
    }
  }

  /** The next chunk: everything since the last. */
  #flush(): Buffer {
    const chunk = this.#buffer.subarray(0, this.#used);
    this.#hash.update(chunk);
    this.#size += this.#used;
    this.#used = 0;
    return chunk;
  }
}

function headerOf(file: Buffer, path: Buffer, type: TarType, stat: BigIntStats, xattrs: TarHeader['xattrs'] & object): TarHeader {
  const device = type === 'character' || type === 'block' ? splitDevice(stat.rdev) : {};
  const target = type === 'symlink' ? { target: readlinkSync(file, { encoding: 'buffer' }) } : {};
  return { ...identity(stat), path, type, size: type === 'file' ? Number(stat.size) : 0, ...device, ...target, xattrs };
}

function identity(stat: BigIntStats): Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'mtime'> {
  return { mode: Number(stat.mode & 0o7777n), uid: Number(stat.uid), gid: Number(stat.gid), mtime: stat.mtimeNs };
}

function typeOf(stat: BigIntStats): TarType | undefined {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'character';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : undefined;
}

function marker(folder: Buffer, name: Buffer): Buffer {
  return folder.length === 0 ? name : Buffer.concat([folder, SLASH, name]);
}

function hides(path: Buffer): DockerfileError {
  return new DockerfileError('UNSUPPORTED', `a layer cannot hold the file ${path.toString()}: a name that begins with ".wh." means there that a file was removed`, {
    hint: 'Give the file another name.',
  });
}
