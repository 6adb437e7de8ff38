import type { Descriptor } from '@strake/api';
import { folderTarget, hexOf, tarFileTarget, type LayoutTarget as Files } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource, ContentTarget, CountBytes, PutOutcome } from './content';
import { layoutIndex } from './layout-source';
import type { LayoutPlace } from './layout-place';
import { verified } from './verified';

const LAYOUT = Buffer.from('{"imageLayoutVersion":"1.0.0"}');

/** A layout that an image is written into: a folder, or a tar when its name ends so. Nothing is there before all is. */
export class LayoutTarget implements ContentTarget {
  readonly #files: Files;
  readonly #tag: string | undefined;
  readonly #written = new Set<string>();
  #root: Descriptor | undefined;
  /** A tar takes one file after the other. */
  #last: Promise<unknown> = Promise.resolve();

  constructor({ folder, tag }: LayoutPlace) {
    this.#files = folder.endsWith('.tar') ? tarFileTarget(folder) : folderTarget(folder);
    this.#tag = tag;
  }

  async put(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<PutOutcome> {
    await this.#add(descriptor, () => verified(source.open(descriptor, count), descriptor));
    return { state: 'done' };
  }

  async putManifest({ descriptor, bytes }: FetchedManifest, isRoot: boolean): Promise<void> {
    await this.#add(descriptor, () => [bytes]);
    if (isRoot) this.#root = descriptor;
  }

  async end(failed: boolean): Promise<void> {
    if (failed || this.#root === undefined) return this.#files.abort();
    const tag = this.#tag;
    const entry: Descriptor = { ...this.#root, ...(tag === undefined ? {} : { annotations: { 'org.opencontainers.image.ref.name': tag } }) };
    const index = layoutIndex([...(this.#files.existing?.manifests ?? []).filter((old) => !replaces(entry, old)), entry]);
    await this.#files.add('oci-layout', LAYOUT.length, [LAYOUT]);
    await this.#files.add('index.json', index.length, [index]);
    await this.#files.commit();
  }

  #add({ digest, size }: Descriptor, open: () => AsyncIterable<Buffer> | Iterable<Buffer>): Promise<unknown> {
    if (this.#written.has(digest)) return this.#last;
    this.#written.add(digest);
    this.#last = this.#last.then(() => this.#files.add(`blobs/sha256/${hexOf(digest)}`, size, open()));
    return this.#last;
  }
}

function replaces(entry: Descriptor, old: Descriptor): boolean {
  const tag = entry.annotations?.['org.opencontainers.image.ref.name'];
  const oldTag = old.annotations?.['org.opencontainers.image.ref.name'];
  return tag === undefined ? old.digest === entry.digest && oldTag === undefined : oldTag === tag;
}
