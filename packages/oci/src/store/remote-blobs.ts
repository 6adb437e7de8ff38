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
  /** Whoever asks verifies the DiffID itself, since it unpacks the layer. */
  readonly unpacks?: boolean;
  /** Bytes so far, and of all. */
  readonly progress?: (current: number, total: number) => void;
}

/** Brings a blob into the store from one of the repositories, verified. */
export type BringBlob = (descriptor: Descriptor, repositories: readonly string[], options: BringOptions) => Promise<void>;

/** Opens a blob that somebody offers, from its start. */
export type OpenOffered = (descriptor: Descriptor, signal: AbortSignal | undefined) => AsyncIterable<Buffer>;

/** Verifies that a blob of the store is a layer with a DiffID, and remembers it as that. Throws DIGEST_MISMATCH, IMAGE_INVALID. */
export type VerifyLayer = (descriptor: Descriptor, diffId: Digest) => Promise<void>;

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
  readonly #offers = new Map<Digest, readonly OpenOffered[]>();
  readonly #doubts = new Map<Digest, Digest>();
  readonly #verify: VerifyLayer;
  #bring: BringBlob | undefined;

  constructor(root: string, blobs: Blobs, records: () => Records<BlobOrigin>, verify: VerifyLayer) {
    this.#verify = verify;
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

  /** Somebody in this process has a blob, until what is answered is called. */
  offer(digest: Digest, open: OpenOffered): () => void {
    this.#offers.set(digest, [open, ...(this.#offers.get(digest) ?? [])]);
    return () => {
      const left = (this.#offers.get(digest) ?? []).filter((one) => one !== open);
      if (left.length > 0) this.#offers.set(digest, left);
      else this.#offers.delete(digest);
    };
  }

  /** A cache says that a blob which is not here is a layer with this DiffID: that is verified when it comes. */
  doubt(digest: Digest, diffId: Digest): void {
    if (!this.#blobs.has(digest)) this.#doubts.set(digest, diffId);
  }

  /** Whether a blob is here, or a later build can bring it too. */
  lasting(digest: Digest): boolean {
    return this.#blobs.has(digest) || this.repositories(digest).length > 0;
  }

  /** Whether a blob is here or can be brought. */
  reachable(digest: Digest): boolean {
    return this.#blobs.has(digest) || this.#offers.has(digest) || (this.#bring !== undefined && this.repositories(digest).length > 0);
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
    const { digest } = descriptor;
    await this.#gate.run(() => this.#fetch(descriptor, options));
    const diffId = this.#doubts.get(digest);
    if (diffId === undefined || options.unpacks === true) return;
    try {
      await this.#verify(descriptor, diffId);
      this.#doubts.delete(digest);
    } catch (error) {
      this.#blobs.delete(digest);
      throw error;
    }
  }

  async #fetch(descriptor: Descriptor, options: BringOptions): Promise<void> {
    const { digest, size, mediaType } = descriptor;
    const [offered] = this.#offers.get(digest) ?? [];
    if (offered !== undefined) return void (await this.#blobs.ingest(counted(offered(descriptor, options.signal), size, options), { digest, size, mediaType }));
    const repositories = this.repositories(digest);
    if (this.#bring === undefined || repositories.length === 0) throw invalidStore(this.#root, `the blob ${digest} is missing`);
    await this.#bring(descriptor, repositories, options);
  }
}

async function* counted(source: AsyncIterable<Buffer>, size: number, { signal, progress }: BringOptions): AsyncGenerator<Buffer> {
  let current = 0;
  for await (const chunk of source) {
    signal?.throwIfAborted();
    yield chunk;
    progress?.((current += chunk.length), size);
  }
}
