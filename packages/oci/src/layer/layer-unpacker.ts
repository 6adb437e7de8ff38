import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { makeNode, S_IFBLK, S_IFCHR, S_IFIFO, setTimes, setXattr } from '@strake/syscalls';
import { createHash } from 'node:crypto';
import { chmodSync, closeSync, lchownSync, linkSync, lstatSync, mkdirSync, openSync, rmSync, symlinkSync, writeSync } from 'node:fs';
import { badArchive } from '../tar/decode-header';
import type { TarHeader } from '../tar/tar-entry';
import { TarReader } from '../tar/tar-reader';
import { joinParts, makeParents, pathParts } from './safe-path';

const WHITEOUT = Buffer.from('.wh.');
const OPAQUE = Buffer.from('.wh..wh..opq');
const SPECIAL = { character: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO } as const;

/**
 * Unpacks an uncompressed layer tar into an overlay upper directory, pushed into and synchronous. No entry can write
 * outside the directory. Whiteouts become overlay's. Throws IMAGE_INVALID; DIGEST_MISMATCH from `end`.
 */
export class LayerUnpacker {
  readonly #root: Buffer;
  readonly #expected: Digest | undefined;
  readonly #hash = createHash('sha256');
  readonly #reader: TarReader;
  readonly #directories = new Map<string, TarHeader>();
  #size = 0;
  #open: { readonly fd: number; readonly path: Buffer; readonly header: TarHeader } | undefined;

  constructor(directory: string, expected?: Digest) {
    this.#root = Buffer.from(directory);
    this.#expected = expected;
    this.#reader = new TarReader({
      entry: (header) => this.#entry(header),
      content: (chunk) => this.#content(chunk),
      end: () => this.#finishFile(),
    });
  }

  write(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    this.#reader.write(chunk);
  }

  /** Completes the tree: modes and times of directories come last. */
  end(): { readonly diffId: Digest; readonly size: number } {
    this.#reader.end();
    for (const [path, header] of [...this.#directories].reverse()) {
      const directory = Buffer.from(path, 'latin1');
      if (lstatSync(directory, { throwIfNoEntry: false })?.isDirectory() === true) finish(directory, header);
    }
    const diffId: Digest = `sha256:${this.#hash.digest('hex')}`;
    if (this.#expected !== undefined && diffId !== this.#expected) {
      throw new OperatorError('DIGEST_MISMATCH', `the layer should have the DiffID ${this.#expected} but has ${diffId}`);
    }
    return { diffId, size: this.#size };
  }

  /** Closes what is open after a failure. */
  abort(): void {
    if (this.#open !== undefined) closeSync(this.#open.fd);
    this.#open = undefined;
  }

  #entry(header: TarHeader): void {
    const parts = pathParts(header.path);
    const name = parts.at(-1);
    if (name === undefined) return this.#rootEntry(header);
    makeParents(this.#root, parts);
    if (name.subarray(0, 4).equals(WHITEOUT)) return this.#whiteout(parts.slice(0, -1), name);
    const path = joinParts(this.#root, parts);
    const kept = lstatSync(path, { throwIfNoEntry: false });
    if (kept !== undefined && !(kept.isDirectory() && header.type === 'directory')) rmSync(asString(path), { recursive: true, force: true });
    this.#make(path, header);
  }

  #rootEntry(header: TarHeader): void {
    if (header.type !== 'directory') throw badArchive('the root is no directory');
    this.#directories.set(this.#root.toString('latin1'), header);
  }

  #whiteout(folder: readonly Buffer[], name: Buffer): void {
    const directory = joinParts(this.#root, folder);
    if (name.equals(OPAQUE)) {
      setXattr(asString(directory), 'trusted.overlay.opaque', Buffer.from('y'));
      return;
    }
    const hidden = name.subarray(WHITEOUT.length);
    // Names that begin with the mark twice are reserved by the specification (AUFS left them behind); they hide nothing.
    if (hidden.subarray(0, 4).equals(WHITEOUT)) return;
    if (hidden.length === 0 || hidden.equals(Buffer.from('.')) || hidden.equals(Buffer.from('..'))) throw badArchive('a whiteout names no file');
    const path = asString(joinParts(directory, [hidden]));
    rmSync(path, { recursive: true, force: true });
    makeNode(path, S_IFCHR, 0, 0);
  }

  #make(path: Buffer, header: TarHeader): void {
    switch (header.type) {
      case 'directory':
        if (lstatSync(path, { throwIfNoEntry: false }) === undefined) mkdirSync(path, { mode: 0o700 });
        this.#directories.delete(path.toString('latin1'));
        this.#directories.set(path.toString('latin1'), header);
        return;
      case 'file':
        this.#open = { fd: openSync(path, 'wx', 0o600), path, header };
        return;
      case 'link':
        return this.#link(path, header);
      case 'symlink':
        symlinkSync(header.target ?? '', path);
        return finish(path, header);
      case 'character':
      case 'block':
      case 'fifo':
        if (header.type === 'character' && header.major === 0 && header.minor === 0) throw badArchive('a character device 0:0 would hide a file');
        makeNode(asString(path), SPECIAL[header.type] | 0o600, header.major, header.minor);
        return finish(path, header);
    }
  }

  #link(path: Buffer, header: TarHeader): void {
    const parts = pathParts(header.target ?? Buffer.alloc(0));
    for (let depth = 1; depth < parts.length; depth += 1) {
      const stat = lstatSync(joinParts(this.#root, parts.slice(0, depth)), { throwIfNoEntry: false });
      if (stat?.isDirectory() !== true) throw badArchive(`the hard link ${header.path.toString()} goes through something that is no directory`);
    }
    const target = joinParts(this.#root, parts);
    const stat = lstatSync(target, { throwIfNoEntry: false });
    if (parts.length === 0 || stat === undefined || stat.isDirectory()) throw badArchive(`the hard link ${header.path.toString()} has no target in this layer`);
    linkSync(target, path);
  }

  #content(chunk: Buffer): void {
    if (this.#open === undefined) return;
    for (let done = 0; done < chunk.length; ) done += writeSync(this.#open.fd, chunk, done);
  }

  #finishFile(): void {
    const open = this.#open;
    if (open === undefined) return;
    this.#open = undefined;
    closeSync(open.fd);
    finish(open.path, open.header);
  }
}

/** Owner, then mode (a change of owner clears setuid) and attributes (which it also clears), then times. */
function finish(path: Buffer, header: TarHeader): void {
  lchownSync(path, header.uid, header.gid);
  if (header.type !== 'symlink') chmodSync(path, header.mode);
  for (const [name, value] of header.xattrs ?? []) {
    if (/^(?:security\.capability$|user\.(?!overlay\.))/.test(name)) setXattr(asString(path), name, value);
  }
  setTimes(asString(path), header.mtime);
}

function asString(path: Buffer): string {
  return path.toString('utf8');
}
