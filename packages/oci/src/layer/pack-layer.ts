import type { Digest } from '@strake/api';
import { DockerfileError, OperatorError } from '@strake/api';
import { splitDevice } from '@strake/syscalls';
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readlinkSync, readSync, type BigIntStats } from 'node:fs';
import { paddingOf, writeHeader } from '../tar/encode-header';
import type { TarHeader, TarType } from '../tar/tar-entry';
import { withLayerErrors } from './layer-errors';
import { NO_XATTRS, readLayerXattrs, type LayerXattrs } from './layer-xattrs';
import { OPAQUE, startsWith, WHITEOUT } from './whiteout';

const SLASH = 0x2f;
const ZEROS = Buffer.alloc(512);
const END = Buffer.alloc(1024);
const MARK = { type: 'file', uid: 0, gid: 0, size: 0, mtime: 0n, mode: 0 } as const;

/** Of every chunk but the last, in bytes: those of a compressor's blocks, so that nobody has to cut them again. */
const CHUNK_BYTES = 1 << 20;
/** Room behind a chunk for one entry's headers: a PAX header with the most that a file's attributes can hold. What is written there goes into the next one. */
const HEADER_ROOM = 512 << 10;

/** What a packed layer is: the digest and the number of bytes of its uncompressed tar. */
export interface PackedLayer {
  readonly diffId: Digest;
  readonly size: number;
  /** Nothing in it but directories may have extended attributes that a layer keeps. */
  readonly plain: boolean;
}

/** How a tree is packed. */
export interface PackOptions {
  /** Seconds since 1970: later times are written as this. */
  readonly epoch?: number | undefined;
  /** `layer`: an overlay upper directory, with whiteouts (the default). `tree`: a directory as it is, whatever its names mean elsewhere. */
  readonly as?: 'layer' | 'tree';
  /** A folder that every name begins with; relative, without a slash at the end. */
  readonly prefix?: string | undefined;
  /** Leaves out the tar's end, so that more can follow. */
  readonly open?: boolean | undefined;
  /** Chunks are the caller's to keep. */
  readonly kept?: boolean | undefined;
  /** It is known to be so, from when it was packed before: attributes, a question a file, are not asked for again. */
  readonly plain?: boolean | undefined;
  /** Whoever takes the chunks hashes them: the answer's digest is that of nothing. */
  readonly unhashed?: boolean | undefined;
}

/**
 * Packs an overlay upper directory as an OCI layer tar, uncompressed: entries sorted by the bytes of their names within
 * each directory, a directory before its content, the root itself left out; whiteouts and opaque directories in the
 * image specification's form; sockets, which no tar holds, left out. Synchronous; the same tree always gives the same bytes. `sink` gets
 * chunks that are valid only during the call. Throws DISK_FULL, PERMISSION; UNSUPPORTED for a file whose name would mean a whiteout.
 */
export function packLayer(directory: string, sink: (chunk: Buffer) => void, options: PackOptions = {}): PackedLayer {
  return withLayerErrors(`packing ${directory}`, () => {
    const chunks = packLayerChunks(directory, options);
    for (;;) {
      const next = chunks.next();
      if (next.done === true) return next.value;
      sink(next.value);
    }
  });
}

/** As `packLayer`, pulled: each chunk, a MiB, is valid until the next one is asked for unless it is `kept`. */
export function packLayerChunks(directory: string, options: PackOptions = {}): Generator<Buffer, PackedLayer, undefined> {
  return new LayerPacker(Buffer.from(directory), options).pack();
}

type Chunks<T = void> = Generator<Buffer, T, undefined>;

/** Headers are put without a pause, into room that is always free; between entries, and while content is read, what is full is handed out. */
class LayerPacker {
  readonly #hash = createHash('sha256');
  #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES + HEADER_ROOM);
  readonly #links = new Map<string, Buffer>();
  readonly #root: Buffer;
  readonly #options: PackOptions;
  readonly #prefix: Buffer;
  readonly #latest: bigint | undefined;
  #used = 0;
  #size = 0;
  #plain = true;

  constructor(root: Buffer, options: PackOptions) {
    this.#root = root;
    this.#options = options;
    this.#prefix = Buffer.from(options.prefix === undefined ? '' : `${options.prefix}/`);
    this.#latest = options.epoch === undefined ? undefined : BigInt(options.epoch) * 1_000_000_000n;
  }

  *pack(): Chunks<PackedLayer> {
    if (this.#isLayer && readLayerXattrs(this.#root).opaque) this.#mark(this.#root, OPAQUE);
    yield* this.#directory(this.#root);
    if (this.#options.open !== true) this.#put(END);
    yield* this.#flush();
    if (this.#used > 0) yield this.#last();
    return { diffId: `sha256:${this.#hash.digest('hex')}`, size: this.#size, plain: this.#plain };
  }

  get #isLayer(): boolean {
    return this.#options.as !== 'tree';
  }

  *#directory(folder: Buffer): Chunks {
    const names = readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b));
    for (const name of names) {
      yield* this.#flush();
      const file = below(folder, name);
      const header = this.#entry(folder, file, name);
      if (header?.type === 'file' && header.size > 0) yield* this.#content(file, header.size);
      if (header?.type === 'directory') yield* this.#directory(file);
    }
  }

  /** Puts an entry's headers. What it answers may have content or entries of its own. */
  #entry(folder: Buffer, file: Buffer, name: Buffer): TarHeader | undefined {
    if (this.#isLayer && startsWith(name, WHITEOUT)) throw hides(this.#path(file));
    const stat = lstatSync(file, { bigint: true });
    const type = typeOf(stat);
    if (type === undefined) return undefined;
    if (this.#isLayer && type === 'character' && stat.rdev === 0n) return this.#mark(folder, Buffer.concat([WHITEOUT, name]));
    if (this.#hardlink(stat, type, file)) return undefined;
    const { kept, opaque } = this.#attributes(file, type);
    const header = this.#clamped(headerOf(file, this.#path(file), type, stat, kept));
    this.#header(header);
    if (this.#isLayer && opaque && type === 'directory') this.#mark(file, OPAQUE);
    return header;
  }

  #attributes(file: Buffer, type: TarType): LayerXattrs {
    if (type === 'directory') return readLayerXattrs(file);
    if (this.#options.plain === true) return NO_XATTRS;
    const attributes = readLayerXattrs(file);
    if (attributes.kept.length > 0) this.#plain = false;
    return attributes;
  }

  /** The part of a file's path that goes into the layer. */
  #path(file: Buffer): Buffer {
    const path = file.subarray(this.#root.length + 1);
    return this.#prefix.length === 0 ? path : Buffer.concat([this.#prefix, path]);
  }

  #mark(folder: Buffer, name: Buffer): undefined {
    this.#header({ ...MARK, path: this.#path(below(folder, name)) });
  }

  /** Writes a link to an earlier entry of the same inode; remembers the first. */
  #hardlink(stat: BigIntStats, type: TarType, file: Buffer): boolean {
    if (stat.nlink < 2n || type === 'directory') return false;
    const key = `${stat.dev}:${stat.ino}`;
    const target = this.#links.get(key);
    if (target === undefined) {
      this.#links.set(key, this.#path(file));
      return false;
    }
    this.#header(this.#clamped({ ...identity(stat), type: 'link', path: this.#path(file), target, size: 0 }));
    return true;
  }

  /** A header whose time is not later than the epoch. */
  #clamped(header: TarHeader): TarHeader {
    return this.#latest === undefined || header.mtime <= this.#latest ? header : { ...header, mtime: this.#latest };
  }

  *#content(file: Buffer, size: number): Chunks {
    const fd = openSync(file, 'r');
    try {
      for (let left = size; left > 0; ) {
        yield* this.#flush();
        const got = readSync(fd, this.#buffer, this.#used, Math.min(left, CHUNK_BYTES - this.#used), null);
        if (got === 0) throw new OperatorError('SOURCE_MISSING', `${file.toString()} shrank while it was packed`);
        this.#used += got;
        left -= got;
      }
    } finally {
      closeSync(fd);
    }
    this.#put(ZEROS.subarray(0, paddingOf(size)));
  }

  #header(header: TarHeader): void {
    this.#used += writeHeader(this.#buffer, this.#used, header);
  }

  #put(bytes: Buffer): void {
    this.#used += bytes.copy(this.#buffer, this.#used);
  }

  /** The next chunk, if it is full. One that is kept may be given to another thread: what follows it is taken out of it before. */
  *#flush(): Chunks {
    if (this.#used < CHUNK_BYTES) return;
    const chunk = this.#count(this.#buffer.subarray(0, CHUNK_BYTES));
    if (this.#options.kept !== true) yield chunk;
    this.#begin(this.#buffer.subarray(CHUNK_BYTES, this.#used));
    if (this.#options.kept === true) yield chunk;
  }

  #begin(rest: Buffer): void {
    if (this.#options.kept === true) this.#buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES + HEADER_ROOM);
    this.#used = rest.copy(this.#buffer);
  }

  #last(): Buffer {
    const chunk = this.#count(this.#buffer.subarray(0, this.#used));
    this.#used = 0;
    return chunk;
  }

  #count(chunk: Buffer): Buffer {
    if (this.#options.unhashed !== true) this.#hash.update(chunk);
    this.#size += chunk.length;
    return chunk;
  }
}

function below(folder: Buffer, name: Buffer): Buffer {
  const path = Buffer.allocUnsafe(folder.length + 1 + name.length);
  const at = folder.copy(path);
  path[at] = SLASH;
  name.copy(path, at + 1);
  return path;
}

function headerOf(file: Buffer, path: Buffer, type: TarType, stat: BigIntStats, xattrs: TarHeader['xattrs'] & object): TarHeader {
  // Written out: a spread would be most of what a small file costs here.
  const header = { path, type, mode: Number(stat.mode) & 0o7777, uid: Number(stat.uid), gid: Number(stat.gid), size: type === 'file' ? Number(stat.size) : 0, mtime: stat.mtimeNs, xattrs };
  if (type === 'symlink') return { ...header, target: readlinkSync(file, { encoding: 'buffer' }) };
  return type === 'character' || type === 'block' ? { ...header, ...splitDevice(stat.rdev) } : header;
}

function identity(stat: BigIntStats): Pick<TarHeader, 'mode' | 'uid' | 'gid' | 'mtime'> {
  return { mode: Number(stat.mode) & 0o7777, uid: Number(stat.uid), gid: Number(stat.gid), mtime: stat.mtimeNs };
}

function typeOf(stat: BigIntStats): TarType | undefined {
  if (stat.isFile()) return 'file';
  if (stat.isDirectory()) return 'directory';
  if (stat.isSymbolicLink()) return 'symlink';
  if (stat.isCharacterDevice()) return 'character';
  if (stat.isBlockDevice()) return 'block';
  return stat.isFIFO() ? 'fifo' : undefined;
}

function hides(path: Buffer): DockerfileError {
  return new DockerfileError('UNSUPPORTED', `a layer cannot hold the file ${path.toString()}: a name that begins with ".wh." means there that a file was removed`, {
    hint: 'Give the file another name.',
  });
}
