import { InternalError } from '@strake/api';
import { setXattr } from '@strake/syscalls';
import { lstatSync, mkdirSync, rmSync } from 'node:fs';
import type { TarHeader } from '../tar/tar-entry';
import { setAttributes } from './entry-attributes';
import { joinParts } from './safe-path';

interface Remembered {
  readonly parts: readonly Buffer[];
  readonly header: TarHeader;
}

/** The folders of a tree that is being unpacked: made along the way, given their attributes when all is in them. No link is ever followed. */
export class UnpackedFolders {
  readonly #root: Buffer;
  readonly #owners: boolean;
  readonly #remembered = new Map<string, Remembered>();
  /** The folder that was last found to be one, all the way down. */
  #standing = '';

  constructor(root: Buffer, owners: boolean) {
    this.#root = root;
    this.#owners = owners;
  }

  /** Makes a folder and those above it. Whatever is there and is no folder, a symbolic link above all, gives way. */
  make(parts: readonly Buffer[]): void {
    const wanted = keyOf(parts);
    if (wanted === this.#standing) return;
    for (let depth = 1; depth <= parts.length; depth += 1) this.#makeOne(joinParts(this.#root, parts.slice(0, depth)));
    this.#standing = wanted;
  }

  /** Keeps a folder's entry for `complete`; the last one counts. */
  remember(parts: readonly Buffer[], header: TarHeader): void {
    this.#remembered.set(keyOf(parts), { parts, header });
  }

  isRemembered(parts: readonly Buffer[]): boolean {
    return this.#remembered.has(keyOf(parts));
  }

  /** Removes what is at a path, and what is remembered of it and below it. */
  remove(parts: readonly Buffer[]): void {
    this.#standing = '';
    rmSync(joinParts(this.#root, parts), { recursive: true, force: true });
    const gone = keyOf(parts);
    for (const key of this.#remembered.keys()) if (key === gone || key.startsWith(`${gone}/`)) this.#remembered.delete(key);
  }

  /** Makes a folder hide all that lower layers have in it. */
  hideLower(parts: readonly Buffer[]): void {
    hideLower(joinParts(this.#root, parts));
  }

  /** Gives the folders their attributes, the deepest first. */
  complete(): void {
    const checked = new Set<string>();
    const deepestFirst = [...this.#remembered.values()].sort((a, b) => b.parts.length - a.parts.length);
    for (const { parts, header } of deepestFirst) {
      this.#assertStanding(parts, checked);
      setAttributes(joinParts(this.#root, parts), header, this.#owners);
    }
  }

  /** What was forgotten in time cannot fail here; if it ever did, an attribute would be set through a link of the archive. */
  #assertStanding(parts: readonly Buffer[], checked: Set<string>): void {
    for (let depth = 1; depth <= parts.length; depth += 1) {
      const key = keyOf(parts.slice(0, depth));
      if (checked.has(key)) continue;
      const path = joinParts(this.#root, parts.slice(0, depth));
      if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory() !== true) throw new InternalError(`${path.toString()} was remembered as a folder but is none`);
      checked.add(key);
    }
  }

  #makeOne(path: Buffer): void {
    const found = lstatSync(path, { throwIfNoEntry: false });
    if (found?.isDirectory() === true) return;
    if (found !== undefined) rmSync(path);
    mkdirSync(path, { mode: 0o755 });
    // What was there hid what lower layers have under this name, be it a whiteout or a file: so must the folder.
    if (found !== undefined) hideLower(path);
  }
}

function hideLower(path: Buffer): void {
  setXattr(path, 'trusted.overlay.opaque', Buffer.from('y'));
}

function keyOf(parts: readonly Buffer[]): string {
  return parts.map((part) => part.toString('latin1')).join('/');
}
