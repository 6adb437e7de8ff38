import type { Descriptor, Image } from '@strake/api';
import { InternalError } from '@strake/api';
import type { Store } from '@strake/oci';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource, CountBytes } from './content';
import { verified } from './verified';

/** Images in memory, their layers wherever they are; with an index when there are several. */
export class ImagesSource implements ContentSource {
  /** Layers verify themselves. */
  readonly verifies = true;
  readonly #root: FetchedManifest;
  readonly #manifests = new Map<string, Buffer>();
  readonly #blobs = new Map<string, () => AsyncIterable<Buffer>>();
  readonly #store: Store | undefined;

  /** `index` is what its entries name among `images`; `more` are manifests without an image: attestations. */
  constructor(images: readonly Image[], { index, store }: { readonly index?: FetchedManifest; readonly store?: Store }) {
    const [first] = images;
    if (first === undefined) throw new InternalError('there is no image to push');
    this.#root = index ?? { descriptor: first.manifest, bytes: first.manifestBytes };
    this.#store = store;
    for (const { manifest, manifestBytes, configDescriptor, configBytes, layers } of images) {
      this.#manifests.set(manifest.digest, manifestBytes);
      this.#blobs.set(configDescriptor.digest, () => piecesOf(configBytes));
      for (const layer of layers) this.#blobs.set(layer.descriptor.digest, () => layer.open() as AsyncIterable<Buffer>);
    }
  }

  async root(): Promise<FetchedManifest> {
    return this.#root;
  }

  async manifest(descriptor: Descriptor): Promise<FetchedManifest> {
    const bytes = this.#manifests.get(descriptor.digest) ?? this.#store?.blobs.read(descriptor.digest);
    if (bytes === undefined) throw new InternalError(`nobody gave the manifest ${descriptor.digest}`);
    return { descriptor, bytes };
  }

  async *open(descriptor: Descriptor, count: CountBytes): AsyncGenerator<Buffer, void, undefined> {
    const open = this.#blobs.get(descriptor.digest) ?? (this.#store === undefined ? undefined : () => this.#stored(descriptor));
    if (open === undefined) throw new InternalError(`nobody gave the blob ${descriptor.digest}`);
    let current = 0;
    for await (const chunk of open()) {
      yield chunk;
      count((current += chunk.length));
    }
  }

  async read(descriptor: Descriptor): Promise<Buffer> {
    const chunks: Buffer[] = [];
    for await (const chunk of this.open(descriptor, () => undefined)) chunks.push(chunk);
    return Buffer.concat(chunks);
  }

  origins({ digest }: Descriptor): readonly string[] {
    return this.#store?.remote.repositories(digest) ?? [];
  }

  close(): void {
    // Whoever gave the images has them.
  }

  async *#stored(descriptor: Descriptor): AsyncGenerator<Buffer> {
    const store = this.#store as Store;
    await store.remote.bring(descriptor);
    yield* verified(store.blobs.open(descriptor.digest) as AsyncIterable<Buffer>, descriptor);
  }
}

async function* piecesOf(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
