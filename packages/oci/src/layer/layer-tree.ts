import { makeNode, S_IFBLK, S_IFCHR, S_IFIFO } from '@strake/syscalls';
import { linkSync, lstatSync, openSync, symlinkSync, type Stats } from 'node:fs';
import { badArchive } from '../tar/decode-header';
import type { TarHeader } from '../tar/tar-entry';
import { setAttributes } from './entry-attributes';
import { joinParts, pathParts } from './safe-path';
import { UnpackedFolders } from './unpacked-folders';
import { isWhiteout, markOf, type Mark } from './whiteout';

/** A file whose content is to follow. */
export interface OpenFile {
  readonly fd: number;
  readonly path: Buffer;
  readonly header: TarHeader;
}

const PLAIN: Mark = { kind: 'none' };
const SPECIAL = { character: S_IFCHR, block: S_IFBLK, fifo: S_IFIFO } as const;

/** How entries are put into a tree. */
export interface TreeOptions {
  /** Whether names of whiteouts are whiteouts; otherwise they are files. */
  readonly whiteouts: boolean;
  /** Whether entries get their owners, which needs root. */
  readonly owners: boolean;
}

/** An overlay upper directory that the entries of one layer are put into. Nothing is written outside it. Throws IMAGE_INVALID. */
export class LayerTree {
  readonly #root: Buffer;
  readonly #folders: UnpackedFolders;
  readonly #whiteouts: boolean;
  readonly #owners: boolean;

  constructor(root: Buffer, { whiteouts, owners }: TreeOptions) {
    this.#root = root;
    this.#whiteouts = whiteouts;
    this.#owners = owners;
    this.#folders = new UnpackedFolders(root, owners);
  }

  /** Puts an entry in place; answers the file that is to be written and closed, if it is one. */
  add(header: TarHeader): OpenFile | undefined {
    const parts = pathParts(header.path);
    if (parts.length === 0) return this.#addRoot(header);
    const folder = parts.slice(0, -1);
    const mark = this.#whiteouts ? markOf(parts) : PLAIN;
    if (mark.kind === 'reserved') return undefined;
    this.#folders.make(folder);
    if (mark.kind === 'opaque') this.#folders.hideLower(folder);
    if (mark.kind === 'whiteout') this.#hide([...folder, mark.name]);
    return mark.kind === 'none' ? this.#addEntry(parts, header) : undefined;
  }

  hasFolder(path: Buffer): boolean {
    return this.#folders.isRemembered(pathParts(path));
  }

  /** No more entries come. */
  complete(): void {
    this.#folders.complete();
  }

  #addRoot(header: TarHeader): undefined {
    if (header.type !== 'directory') throw badArchive('the root is no directory');
    this.#folders.remember([], header);
  }

  /** A whiteout is about lower layers alone: what this layer has under the name stays. */
  #hide(parts: readonly Buffer[]): void {
    const found = this.#find(parts);
    if (found === undefined) makeNode(joinParts(this.#root, parts), S_IFCHR, 0, 0);
    else if (found.isDirectory()) this.#folders.hideLower(parts);
  }

  #addEntry(parts: readonly Buffer[], header: TarHeader): OpenFile | undefined {
    if (header.type === 'directory') {
      this.#folders.make(parts);
      this.#folders.remember(parts, header);
      return undefined;
    }
    if (this.#find(parts) !== undefined) this.#folders.remove(parts);
    const path = joinParts(this.#root, parts);
    if (header.type === 'file') return { fd: openSync(path, 'wx', 0o600), path, header };
    if (header.type === 'link') return this.#link(path, header);
    if (header.type === 'symlink') symlinkSync(header.target ?? '', path);
    else makeSpecial(path, header, SPECIAL[header.type]);
    setAttributes(path, header, this.#owners);
    return undefined;
  }

  #link(path: Buffer, header: TarHeader): undefined {
    const parts = pathParts(header.target ?? Buffer.alloc(0));
    for (let depth = 1; depth < parts.length; depth += 1) {
      if (this.#find(parts.slice(0, depth))?.isDirectory() !== true) throw badArchive(`the hard link ${header.path.toString()} goes through something that is no directory`);
    }
    const found = this.#find(parts);
    if (found === undefined || found.isDirectory() || isWhiteout(found)) throw badArchive(`the hard link ${header.path.toString()} has no target in this layer`);
    linkSync(joinParts(this.#root, parts), path);
  }

  #find(parts: readonly Buffer[]): Stats | undefined {
    return lstatSync(joinParts(this.#root, parts), { throwIfNoEntry: false });
  }
}

function makeSpecial(path: Buffer, header: TarHeader, kind: number): void {
  if (kind === S_IFCHR && header.major === 0 && header.minor === 0) throw badArchive('a character device 0:0 would hide a file');
  makeNode(path, kind | 0o600, header.major, header.minor);
}
