import type { CacheReader, Descriptor } from '@strake/api';
import { findCacheDocuments, formatReference, MEDIA_TYPES, parseReference } from '@strake/oci';
import type { RegistryClient } from '@strake/registry';

const MANIFESTS: readonly string[] = [MEDIA_TYPES.manifest, MEDIA_TYPES.index, MEDIA_TYPES.dockerManifest, MEDIA_TYPES.dockerIndex];

/** A cache behind a reference: a manifest of its own, or inside an image. */
export class RegistryReader implements CacheReader {
  readonly name: string;
  readonly repository: string;
  readonly #reference: string;
  readonly #client: () => Promise<RegistryClient>;

  constructor(reference: string, client: () => Promise<RegistryClient>) {
    const parsed = parseReference(reference);
    this.name = `registry ${formatReference(parsed)}`;
    this.repository = parsed.repository;
    this.#reference = reference;
    this.#client = client;
  }

  async read(signal: AbortSignal): Promise<readonly Buffer[]> {
    const content = (await this.#client()).reading(this.#reference, { signal });
    const root = await content.root();
    return findCacheDocuments(root.bytes, async (descriptor) => (MANIFESTS.includes(descriptor.mediaType) ? (await content.manifest(descriptor)).bytes : content.read(descriptor)), this.name);
  }

  async *open(descriptor: Descriptor, signal: AbortSignal): AsyncGenerator<Buffer> {
    yield* (await this.#client()).reading(this.#reference, { signal }).open(descriptor);
  }
}
