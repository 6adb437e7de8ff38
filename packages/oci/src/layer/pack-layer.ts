import type { Digest } from '@strake/api';
import { DockerfileError, OperatorError } from '@strake/api';
import { closeFile, readFile } from '@strake/syscalls';
import { readdirSync } from 'node:fs';
import { paddingOf, writeHeader } from '../tar/encode-header';
import type { TarHeader, TarType } from '../tar/tar-entry';
import { ChunkBuffer, type ChunkOptions, type Chunks } from './chunk-buffer';
import { withLayerErrors } from './layer-errors';
import { NO_XATTRS, readLayerXattrs, type LayerXattrs } from './layer-xattrs';
import { NearFolder } from './near-folder';
import { packedHeader, packedLink, packedType, type PackedFile } from './packed-header';
import { OPAQUE, startsWith, WHITEOUT } from './whiteout';

const SLASH = 0x2f;
const ZEROS = Buffer.alloc(512);
const END = Buffer.alloc(1024);
const MARK = { type: 'file', uid: 0, gid: 0, size: 0, mtime: 0n, mode: 0 } as const;

/** What a packed layer is: the digest and the number of bytes of its uncompressed tar. */
export interface PackedLayer {
  readonly diffId: Digest;
  readonly size: number;
  /** Nothing in it but directories may have extended attributes that a layer keeps. */
  readonly plain: boolean;
}

/** How a tree is packed. */
export interface PackOptions extends ChunkOptions {
  /** Seconds since 1970: later times are written as this. */
  readonly epoch?: number | undefined;
  /** `layer`: an overlay upper directory, with whiteouts (the default). `tree`: a directory as it is, whatever its names mean elsewhere. */
  readonly as?: 'layer' | 'tree';
  /** A folder that every name begins with; relative, without a slash at the end. */
  readonly prefix?: string | undefined;
  /** Leaves out the tar's end, so that more can follow. */
  readonly open?: boolean | undefined;
  /** It is known to be so, from when it was packed before: attributes, a question a file, are not asked for again. */
  readonly plain?: boolean | undefined;
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

/** Headers are put without a pause, into room that is always free; between entries, and while content is read, what is full is handed out. */
class LayerPacker {
  readonly #chunks: ChunkBuffer;
  readonly #near = new NearFolder();
  readonly #links = new Map<string, Buffer>();
  readonly #root: Buffer;
  readonly #options: PackOptions;
  readonly #prefix: Buffer;
  readonly #latest: bigint | undefined;
  #plain = true;

  constructor(root: Buffer, options: PackOptions) {
    this.#root = root;
    this.#options = options;
    this.#chunks = new ChunkBuffer(options);
    this.#prefix = Buffer.from(options.prefix === undefined ? '' : `${options.prefix}/`);
    this.#latest = options.epoch === undefined ? undefined : BigInt(options.epoch) * 1_000_000_000n;
  }

  *pack(): Chunks<PackedLayer> {
    try {
      if (this.#isLayer && readLayerXattrs(this.#root).opaque) this.#mark(this.#root, OPAQUE);
      yield* this.#directory(this.#root);
    } finally {
      this.#near.close();
    }
    if (this.#options.open !== true) this.#chunks.put(END);
    yield* this.#chunks.end();
    return { diffId: this.#chunks.digest(), size: this.#chunks.size, plain: this.#plain };
  }

  get #isLayer(): boolean {
    return this.#options.as !== 'tree';
  }

  *#directory(folder: Buffer): Chunks {
    const names = readdirSync(folder, { encoding: 'buffer' }).sort((a, b) => Buffer.compare(a, b));
    for (const name of names) {
      yield* this.#chunks.flush();
      const file = below(folder, name);
      const header = this.#entry(folder, file, name);
      if (header?.type === 'file' && header.size > 0) yield* this.#content(folder, file, name, header.size);
      if (header?.type === 'directory') yield* this.#directory(file);
    }
  }

  /** Puts an entry's headers. What it answers may have content or entries of its own. */
  #entry(folder: Buffer, file: Buffer, name: Buffer): TarHeader | undefined {
    if (this.#isLayer && startsWith(name, WHITEOUT)) throw hides(this.#path(file));
    const stat = this.#near.at(folder).stat(name);
    const type = packedType(stat);
    if (type === undefined) return undefined;
    if (this.#isLayer && type === 'character' && stat.major === 0 && stat.minor === 0) return this.#mark(folder, Buffer.concat([WHITEOUT, name]));
    const packed = { file, path: this.#path(file), type, stat };
    if (this.#hardlink(packed)) return undefined;
    const { kept, opaque } = this.#attributes(file, type);
    const header = this.#clamped(packedHeader(packed, kept));
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
  #hardlink(packed: PackedFile): boolean {
    const { stat, type, path } = packed;
    if (stat.links < 2 || type === 'directory') return false;
    const key = `${stat.device}:${stat.inode}`;
    const target = this.#links.get(key);
    if (target === undefined) {
      this.#links.set(key, path);
      return false;
    }
    this.#header(this.#clamped(packedLink(packed, target)));
    return true;
  }

  /** A header whose time is not later than the epoch. */
  #clamped(header: TarHeader): TarHeader {
    return this.#latest === undefined || header.mtime <= this.#latest ? header : { ...header, mtime: this.#latest };
  }

  *#content(folder: Buffer, file: Buffer, name: Buffer, size: number): Chunks {
    const fd = this.#near.at(folder).open(name);
    try {
      for (let left = size; left > 0; ) {
        yield* this.#chunks.flush();
        const got = this.#chunks.fill(left, (target, at, length) => readFile(fd, target, at, length));
        if (got === 0) throw new OperatorError('SOURCE_MISSING', `${file.toString()} shrank while it was packed`);
        left -= got;
      }
    } finally {
      closeFile(fd);
    }
    this.#chunks.put(ZEROS.subarray(0, paddingOf(size)));
  }

  #header(header: TarHeader): void {
    this.#chunks.write((target, at) => writeHeader(target, at, header));
  }
}

function below(folder: Buffer, name: Buffer): Buffer {
  const path = Buffer.allocUnsafe(folder.length + 1 + name.length);
  const at = folder.copy(path);
  path[at] = SLASH;
  name.copy(path, at + 1);
  return path;
}

function hides(path: Buffer): DockerfileError {
  return new DockerfileError('UNSUPPORTED', `a layer cannot hold the file ${path.toString()}: a name that begins with ".wh." means there that a file was removed`, {
    hint: 'Give the file another name.',
  });
}
