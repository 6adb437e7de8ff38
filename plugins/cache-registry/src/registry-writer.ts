import type { CacheBlob, CacheWriter, Descriptor } from '@strake/api';
import { cacheManifest, formatReference, parseReference, type Store } from '@strake/oci';
import type { RegistryClient, RemoteUpload } from '@strake/registry';

/** Writes a cache under a reference: its blobs, and last the manifest under the tag. */
export class RegistryWriter implements CacheWriter {
  readonly name: string;
  readonly #reference: string;
  readonly #store: Store;
  readonly #client: () => Promise<RegistryClient>;
  #upload: Promise<RemoteUpload> | undefined;

  constructor(reference: string, store: Store, client: () => Promise<RegistryClient>) {
    this.name = `registry ${formatReference(parseReference(reference))}`;
    this.#reference = reference;
    this.#store = store;
    this.#client = client;
  }

  async put(blob: CacheBlob, signal: AbortSignal): Promise<'done' | 'exists' | 'mounted'> {
    return (await this.#open(signal)).put(blob);
  }

  async commit(document: Buffer, layers: readonly Descriptor[], signal: AbortSignal): Promise<void> {
    const upload = await this.#open(signal);
    const { config, descriptor, bytes } = cacheManifest(document, layers);
    await upload.put({ descriptor: config, open: () => once(document), repositories: [] });
    await upload.putManifest({ descriptor, bytes });
  }

  /** One for all blobs, so that none is sent twice. */
  #open(signal: AbortSignal): Promise<RemoteUpload> {
    return (this.#upload ??= this.#client().then((client) => client.writing(this.#reference, this.#store, { signal })));
  }
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
