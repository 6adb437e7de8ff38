import type { Descriptor } from '@strake/api';
import { formatReference, MAX_JSON_BYTES } from '@strake/oci';
import type { Reference } from '@strake/oci';
import type { Patience } from '../http/retry';
import { download } from '../repository/download';
import type { FetchedManifest } from '../repository/read-manifest';
import type { Repository } from '../repository/repository';
import { StrakeError } from '@strake/api';
import type { ContentSource, CountBytes } from './content';
import { readVerified } from './verified';

/** What a registry is read with. */
export interface RegistrySourceParts {
  readonly reference: Reference;
  /** The mirrors, and the registry itself last. */
  readonly repositories: readonly Repository[];
  readonly patience: Omit<Patience, 'signal'>;
  readonly signal?: AbortSignal | undefined;
}

/** An image in a registry, or in the first of its mirrors that has it. */
export class RegistrySource implements ContentSource {
  readonly verifies = false;
  readonly #parts: RegistrySourceParts;

  constructor(parts: RegistrySourceParts) {
    this.#parts = parts;
  }

  root(): Promise<FetchedManifest> {
    const { reference: { tag, digest }, signal } = this.#parts;
    return this.#first((repository) => repository.manifest(digest ?? tag ?? 'latest', this.shown, signal));
  }

  /** As messages name it. */
  get shown(): string {
    return formatReference(this.#parts.reference);
  }

  manifest(descriptor: Descriptor): Promise<FetchedManifest> {
    return this.#first((repository) => repository.manifest(descriptor.digest, `the manifest ${descriptor.digest} of ${this.shown}`, this.#parts.signal, descriptor));
  }

  /** A mirror that fails in the middle is left for the next one. `from`: bytes that the reader has already. */
  async *open(descriptor: Descriptor, count: CountBytes, from = 0): AsyncGenerator<Buffer, void, undefined> {
    const { repositories, patience, signal } = this.#parts;
    for (const [at, repository] of repositories.entries()) {
      let begun = false;
      try {
        for await (const chunk of download(repository, descriptor, { patience, signal, progress: count, from })) {
          begun = true;
          yield chunk;
        }
        return;
      } catch (error) {
        // Bytes that are out cannot be taken back.
        if (begun || at === repositories.length - 1 || isCancelled(error)) throw error;
      }
    }
  }

  /** The same source without mirrors: for a blob whose bytes were wrong. */
  withoutMirrors(): RegistrySource | undefined {
    const { repositories } = this.#parts;
    return repositories.length === 1 ? undefined : new RegistrySource({ ...this.#parts, repositories: repositories.slice(-1) });
  }

  async read(descriptor: Descriptor): Promise<Buffer> {
    const read = (source: RegistrySource): Promise<Buffer> => readVerified(source.open(descriptor, () => undefined), descriptor, MAX_JSON_BYTES);
    try {
      return await read(this);
    } catch (error) {
      const own = this.withoutMirrors();
      if (own === undefined || isCancelled(error)) throw error;
      return read(own);
    }
  }

  origins(): readonly string[] {
    return [this.#parts.reference.repository];
  }

  close(): void {
    // Connections are the client's.
  }

  /** The answer of the first that gives one; the error is the registry's own, with what the mirrors said. */
  async #first<T>(ask: (repository: Repository) => Promise<T>): Promise<T> {
    const notes: string[] = [];
    for (const [at, repository] of this.#parts.repositories.entries()) {
      try {
        return await ask(repository);
      } catch (error) {
        if (at === this.#parts.repositories.length - 1 || isCancelled(error)) {
          if (error instanceof StrakeError) error.notes = [...error.notes, ...notes];
          throw error;
        }
        notes.push(`the mirror ${repository.connection.endpoint.host}: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    throw new TypeError('a registry has at least itself to ask');
  }
}

function isCancelled(error: unknown): boolean {
  return error instanceof StrakeError && error.code === 'CANCELLED';
}
