import type { Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { createHash } from 'node:crypto';
import { closeSync, writeSync } from 'node:fs';
import { TarReader } from '../tar/tar-reader';
import { setAttributes } from './entry-attributes';
import { withLayerErrors } from './layer-errors';
import { LayerTree, type OpenFile, type TreeOptions } from './layer-tree';

/**
 * Unpacks an uncompressed layer tar into an overlay upper directory, pushed into and synchronous. No entry can write
 * outside the directory. Whiteouts become overlay's. Throws IMAGE_INVALID, DISK_FULL, PERMISSION; DIGEST_MISMATCH from `end`.
 */
export class LayerUnpacker {
  readonly #expected: Digest | undefined;
  readonly #doing: string;
  readonly #owners: boolean;
  readonly #hash = createHash('sha256');
  readonly #tree: LayerTree;
  readonly #reader: TarReader;
  #entries = 0;
  #size = 0;
  #open: OpenFile | undefined;

  /** With `whiteouts` false it is an archive like any other: such names are files. With `owners` false all belongs to this process. */
  constructor(directory: string, expected?: Digest, { whiteouts = true, owners = true }: Partial<TreeOptions> = {}) {
    this.#owners = owners;
    this.#expected = expected;
    this.#doing = `unpacking ${whiteouts ? 'a layer' : 'an archive'} into ${directory}`;
    this.#tree = new LayerTree(Buffer.from(directory), { whiteouts, owners });
    this.#reader = new TarReader({
      entry: (header) => {
        this.#entries += 1;
        this.#open = this.#tree.add(header);
      },
      content: (chunk) => this.#content(chunk),
      end: () => this.#finishFile(),
    });
  }

  /** Takes the next bytes; the buffer may be used again afterwards. */
  write(chunk: Buffer): void {
    this.#hash.update(chunk);
    this.#size += chunk.length;
    withLayerErrors(this.#doing, () => this.#reader.write(chunk));
  }

  /** How many entries came so far. */
  get entries(): number {
    return this.#entries;
  }

  /** Completes the tree: modes and times of directories come last. */
  end(): { readonly diffId: Digest; readonly size: number } {
    withLayerErrors(this.#doing, () => {
      this.#reader.end();
      this.#tree.complete();
    });
    const diffId: Digest = `sha256:${this.#hash.digest('hex')}`;
    if (this.#expected !== undefined && diffId !== this.#expected) {
      throw new OperatorError('DIGEST_MISMATCH', `the layer should have the DiffID ${this.#expected} but has ${diffId}`);
    }
    return { diffId, size: this.#size };
  }

  /** Whether the archive has an entry for a folder, whose path is relative; others were made because something is in them. */
  hasFolder(path: Buffer): boolean {
    return this.#tree.hasFolder(path);
  }

  /** Closes what is open after a failure. */
  abort(): void {
    if (this.#open !== undefined) closeSync(this.#open.fd);
    this.#open = undefined;
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
    setAttributes(open.path, open.header, this.#owners);
  }
}
