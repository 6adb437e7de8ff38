import type { CacheReader, Descriptor, Digest } from '@strake/api';
import { OperatorError } from '@strake/api';
import { findCacheDocuments, folderFiles, hexOf, isIndex, MAX_JSON_BYTES, parseManifest, readSmall, type InputFiles } from '@strake/oci';
import { FolderLock } from './folder-lock';
import { tagOf } from './layout-entry';
import { readVerified } from './read-verified';

/** Which entry of a layout's index is read. */
export type WantedEntry = { readonly tag: string } | { readonly digest: Digest };

/** A cache in an OCI image layout (image-spec image-layout.md). Nothing in it is believed before its digest is verified. */
export class LayoutReader implements CacheReader {
  readonly name: string;
  readonly #folder: string;
  readonly #wanted: WantedEntry;
  readonly #files: InputFiles;
  /** So that nobody takes layers away meanwhile. */
  #lock: FolderLock | undefined;

  /** `folder` is absolute. */
  constructor(folder: string, wanted: WantedEntry) {
    this.name = `local ${folder}`;
    this.#folder = folder;
    this.#wanted = wanted;
    this.#files = folderFiles(folder);
  }

  async read(): Promise<readonly Buffer[]> {
    if (this.#files.size('index.json') === undefined) throw new OperatorError('IMAGE_MISSING', `there is no cache in ${this.#folder}: index.json is missing`);
    this.#lock ??= await FolderLock.take(this.#folder);
    const bytes = (await readSmall(this.#files, 'index.json')) ?? Buffer.alloc(0);
    const index = parseManifest(bytes, `${this.#folder}/index.json`);
    if (!isIndex(index)) throw new OperatorError('IMAGE_INVALID', `${this.#folder}/index.json is no index`);
    return findCacheDocuments(await this.#small(this.#choose(index.manifests)), (descriptor) => this.#small(descriptor), this.name);
  }

  open({ digest }: Descriptor): AsyncIterable<Buffer> {
    const path = `blobs/sha256/${hexOf(digest)}`;
    if (this.#files.size(path) === undefined) throw new OperatorError('IMAGE_INVALID', `${this.#folder} lacks ${digest}`, { hint: 'Write the cache again with --cache-to, or leave it out.' });
    return this.#files.open(path) as AsyncIterable<Buffer>;
  }

  async close(): Promise<void> {
    this.#lock?.release();
    this.#lock = undefined;
  }

  async #small(descriptor: Descriptor): Promise<Buffer> {
    if (descriptor.size > MAX_JSON_BYTES) throw new OperatorError('IMAGE_INVALID', `${descriptor.digest} has ${descriptor.size} bytes, more than the ${MAX_JSON_BYTES} that are read`);
    return readVerified(this.open(descriptor), descriptor);
  }

  #choose(entries: readonly Descriptor[]): Descriptor {
    const wanted = this.#wanted;
    const found = entries.find((entry) => ('digest' in wanted ? entry.digest === wanted.digest : tagOf(entry) === wanted.tag));
    if (found !== undefined) return found;
    const names = entries.map((entry) => tagOf(entry) ?? entry.digest).slice(0, 10).join(', ');
    throw new OperatorError('IMAGE_MISSING', `${this.#folder} has no cache ${'digest' in wanted ? wanted.digest : `with the tag ${wanted.tag}`}`, { hint: names === '' ? 'It is empty.' : `It has ${names}.` });
  }
}
