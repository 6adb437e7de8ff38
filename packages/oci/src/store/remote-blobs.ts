import type { Descriptor, Digest } from '@strake/api';
import type { Blobs } from './blobs';
import { Gate } from './gate';
import { invalidStore } from './store-errors';
import type { Records } from './records';

/** Repositories that a blob can be had from, the latest first: `docker.io/library/debian`. */
export interface BlobOrigin {
  readonly repositories: readonly string[];
}

/** How blobs are brought. */
export interface BringOptions {
  readonly signal?: AbortSignal;
  /** Bytes so far, and of all. */
  readonly progress?: (current: number, total: number) => void;
}

/** Brings a blob into the store from one of the repositories, verified. */
export type BringBlob = (descriptor: Descriptor, repositories: readonly string[], options: BringOptions) => Promise<void>;

const MOST_REPOSITORIES = 8;
const MOST_AT_ONCE = 4;

/**
 * Blobs that the store knows of and may lack: which repositories have them, and who brings them. A base image whose layers no build has
 * needed yet has only its manifest and its config here.
 */
export class RemoteBlobs {
  readonly #records: () => Records<BlobOrigin>;
  readonly #blobs: Blobs;
  readonly #root: string;
  readonly #gate = new Gate(MOST_AT_ONCE);
  readonly #running = new Map<Digest, Promise<void>>();
  #bring: BringBlob | undefined;

  constructor(root: string, blobs: Blobs, records: () => Records<BlobOrigin>) {
    this.#root = root;
    this.#blobs = blobs;
    this.#records = records;
  }

  /** Who brings what is missing. Until it is told, missing is missing. */
  bringWith(bring: BringBlob): void {
    this.#bring = bring;
  }

  /** Where a blob can be had from; empty when nobody knows. */
  repositories(digest: Digest): readonly string[] {
    return this.#records().get(digest)?.repositories ?? [];
  }

  /** Remembers that a repository has a blob. */
  remember(digest: Digest, repository: string): void {
    const known = this.repositories(digest);
    if (known[0] === repository) return;
    this.#records().set(digest, { repositories: [repository, ...known.filter((one) => one !== repository)].slice(0, MOST_REPOSITORIES) });
  }

  /** Whether a blob is here or can be brought. */
  reachable(digest: Digest): boolean {
    return this.#blobs.has(digest) || (this.#bring !== undefined && this.repositories(digest).length > 0);
  }

  /** Makes sure that a blob is here, each once at a time. Throws STORE_INVALID when nobody has it, and what bringing throws. */
  async bring(descriptor: Descriptor, options: BringOptions = {}): Promise<void> {
    const { digest } = descriptor;
    if (this.#blobs.has(digest)) return;
    const running = this.#running.get(digest) ?? this.#start(descriptor, options).finally(() => this.#running.delete(digest));
    this.#running.set(digest, running);
    await running;
  }

  list(): readonly Digest[] {
    return this.#records().list().map(([digest]) => digest);
  }

  forget(digest: Digest): void {
    this.#records().delete(digest);
  }

  async #start(descriptor: Descriptor, options: BringOptions): Promise<void> {
    const repositories = this.repositories(descriptor.digest);
    if (this.#bring === undefined || repositories.length === 0) throw invalidStore(this.#root, `the blob ${descriptor.digest} is missing`);
    const bring = this.#bring;
    await this.#gate.run(() => bring(descriptor, repositories, options));
  }
}
