import type { CacheBlob } from '@strake/api';
import { InternalError } from '@strake/api';
import type { FetchedManifest } from '../repository/read-manifest';
import type { ContentSource } from './content';

/** One blob that is no image's. */
export class BlobSource implements ContentSource {
  /** It fails before its end when it is not what its descriptor says. */
  readonly verifies = true;
  readonly #blob: CacheBlob;

  constructor(blob: CacheBlob) {
    this.#blob = blob;
  }

  root(): Promise<FetchedManifest> {
    throw new InternalError('a blob has no manifest');
  }

  manifest(): Promise<FetchedManifest> {
    throw new InternalError('a blob has no manifest');
  }

  read(): Promise<Buffer> {
    throw new InternalError('a blob is read as a stream');
  }

  open(): AsyncIterable<Buffer> {
    return this.#blob.open();
  }

  origins(): readonly string[] {
    return this.#blob.repositories;
  }

  close(): void {
    // Whoever gave it has it.
  }
}
