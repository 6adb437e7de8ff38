import { mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { CacheBlob, CacheWriter, Descriptor } from '@strake/api';
import { OperatorError } from '@strake/api';
import { cacheManifest, destinationError, hexOf, isIndex, MEDIA_TYPES, parseManifest } from '@strake/oci';
import { FolderLock } from './folder-lock';
import { withTagged } from './layout-entry';
import { removeUnnamed } from './remove-unnamed';
import { writeAtomically } from './write-atomically';

/** How a layout is written. */
export interface LayoutWriterOptions {
  readonly tag: string;
  /** Whether other tags, and layers that nothing names, go when the cache is there. */
  readonly reset: boolean;
}

const LAYOUT = Buffer.from('{"imageLayoutVersion":"1.0.0"}');
/** What others who write layouts leave beside the blobs is no reason to refuse a folder. */
const OF_LAYOUTS = /^(?:blobs|oci-layout.*|index\.json.*|ingest|\..*)$/;

/**
 * Writes a cache into an OCI image layout: blobs first, each by a rename; the index last. Layers of the caches before stay, because somebody may be
 * reading them, until `reset` finds the folder unused.
 */
export class LayoutWriter implements CacheWriter {
  readonly name: string;
  readonly #folder: string;
  readonly #options: LayoutWriterOptions;
  #lock: Promise<FolderLock> | undefined;

  /** `folder` is absolute. */
  constructor(folder: string, options: LayoutWriterOptions) {
    this.name = `local ${folder}`;
    this.#folder = folder;
    this.#options = options;
  }

  put(blob: CacheBlob): Promise<'done' | 'exists'> {
    return this.#explained(async () => {
      await this.#begun();
      const path = this.#path(blob.descriptor);
      if (statSync(path, { throwIfNoEntry: false })?.size === blob.descriptor.size) return 'exists';
      await writeAtomically(path, blob.open());
      return 'done';
    });
  }

  commit(document: Buffer, layers: readonly Descriptor[]): Promise<void> {
    return this.#explained(async () => {
      const lock = await this.#begun();
      const { descriptor, bytes, config } = cacheManifest(document, layers);
      await writeAtomically(this.#path(config), [document]);
      await writeAtomically(this.#path(descriptor), [bytes]);
      await lock.alone(() => this.#name(descriptor));
      if (this.#options.reset) lock.unused(() => removeUnnamed(this.#folder, [descriptor, config, ...layers]));
    });
  }

  async close(): Promise<void> {
    (await this.#lock?.catch(() => undefined))?.release();
    this.#lock = undefined;
  }

  #begun(): Promise<FolderLock> {
    return (this.#lock ??= this.#begin());
  }

  /** Makes the layout where there is none. */
  async #begin(): Promise<FolderLock> {
    mkdirSync(join(this.#folder, 'blobs', 'sha256'), { recursive: true });
    if (readdirSync(this.#folder).some((name) => !OF_LAYOUTS.test(name))) {
      throw new OperatorError('USAGE', `${this.#folder} is a folder with other files`, { hint: 'Name a new or empty folder, or one with a cache.' });
    }
    await writeAtomically(join(this.#folder, 'oci-layout'), [LAYOUT]);
    return FolderLock.take(this.#folder);
  }

  async #name(manifest: Descriptor): Promise<void> {
    const entries = this.#options.reset ? [] : this.#entries();
    const index = { schemaVersion: 2, mediaType: MEDIA_TYPES.index, manifests: withTagged(entries, manifest, this.#options.tag) };
    await writeAtomically(join(this.#folder, 'index.json'), [Buffer.from(JSON.stringify(index))]);
  }

  #entries(): readonly Descriptor[] {
    const path = join(this.#folder, 'index.json');
    if (statSync(path, { throwIfNoEntry: false }) === undefined) return [];
    const index = parseManifest(readFileSync(path), path);
    if (!isIndex(index)) throw new OperatorError('IMAGE_INVALID', `${path} is no index`);
    return index.manifests;
  }

  #path({ digest }: Descriptor): string {
    return join(this.#folder, 'blobs', 'sha256', hexOf(digest));
  }

  async #explained<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw destinationError(error, this.#folder);
    }
  }
}
