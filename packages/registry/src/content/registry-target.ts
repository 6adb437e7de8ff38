import type { Descriptor, Digest } from '@strake/api';
import type { FetchedManifest } from '../repository/read-manifest';
import { wrongAnswer } from '../repository/connection';
import type { Repository } from '../repository/repository';
import { upload } from '../repository/upload';
import type { ContentSource, ContentTarget, CountBytes, PutOutcome } from './content';
import { verified } from './verified';

/** What a registry is written with. */
export interface RegistryTargetParts {
  readonly repository: Repository;
  /** Under which the root goes; undefined: under its digest only. */
  readonly tags: readonly string[];
  readonly chunkSize: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Whether a blob was uploaded a moment ago. */
  sent(digest: Digest): boolean;
  /** Told of every blob that the repository has now. */
  has(descriptor: Descriptor): void;
}

const MOST_MOUNTS = 3;

/** A repository to which images are pushed: existing blobs are skipped, those of its neighbours mounted. */
export class RegistryTarget implements ContentTarget {
  readonly #parts: RegistryTargetParts;

  constructor(parts: RegistryTargetParts) {
    this.#parts = parts;
  }

  async put(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<PutOutcome> {
    const outcome = await this.#put(descriptor, source, count);
    this.#parts.has(descriptor);
    return outcome;
  }

  async putManifest(manifest: FetchedManifest, isRoot: boolean): Promise<void> {
    const { repository, tags, signal } = this.#parts;
    const names = isRoot && tags.length > 0 ? tags : [manifest.descriptor.digest];
    for (const name of names) await repository.putManifest(manifest, name, signal);
  }

  async end(): Promise<void> {
    // Blobs that no manifest names are the registry's to remove.
  }

  async #put(descriptor: Descriptor, source: ContentSource, count: CountBytes): Promise<PutOutcome> {
    const { repository, signal, chunkSize } = this.#parts;
    if (this.#parts.sent(descriptor.digest)) return { state: 'done' };
    if (await repository.hasBlob(descriptor.digest, signal)) return { state: 'exists' };
    const begun = await this.#mountOrBegin(descriptor, source);
    if (!(begun instanceof URL)) return { state: 'mounted', from: begun.from };
    const open = (): AsyncIterable<Buffer> => source.open(descriptor, () => undefined);
    await upload(repository, { descriptor, open: source.verifies ? open : () => verified(open(), descriptor) }, begun, { signal, chunkSize, progress: count });
    return { state: 'done' };
  }

  /** Where it was mounted from, or where to upload to. */
  async #mountOrBegin({ digest }: Descriptor, source: ContentSource): Promise<URL | { readonly from: string }> {
    const { repository, signal } = this.#parts;
    const here = `${repository.registry}/`;
    const neighbours = source.origins({ digest } as Descriptor).filter((name) => name.startsWith(here)).map((name) => name.slice(here.length));
    let begun: URL | undefined;
    for (const from of neighbours.filter((path) => path !== repository.path).slice(0, MOST_MOUNTS)) {
      begun = await repository.beginUpload(digest, from, signal).catch((error: unknown) => {
        // Whoever may not read the neighbour uploads.
        if (signal?.aborted === true) throw error;
        return NOT_ALLOWED;
      });
      if (begun === undefined) return { from };
    }
    if (begun !== undefined && begun !== NOT_ALLOWED) return begun;
    const asked = await repository.beginUpload(digest, undefined, signal);
    if (asked === undefined) throw wrongAnswer(repository.registry, 'it mounts a blob that nobody asked it to mount');
    return asked;
  }
}

const NOT_ALLOWED = new URL('about:blank');
