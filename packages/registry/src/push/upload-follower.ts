import type { Descriptor, Digest } from '@strake/api';
import type { LayerFollower } from '@strake/oci';
import type { Repository } from '../repository/repository';
import { withDigest } from '../repository/upload';
import { HandOver } from './hand-over';

/** What an upload that follows is told. */
export interface FollowOptions {
  readonly signal?: AbortSignal | undefined;
  /** Told when the registry has taken all of it. */
  readonly sent: (blob: Descriptor) => void;
}

const BUFFERED_BYTES = 4 << 20;

/**
 * Uploads a layer while it is compressed: one request whose end is not known, and its digest afterwards (distribution-spec 1.1,
 * "Pushing a blob in chunks", as docker and skopeo do). What goes wrong ends it quietly: the push that follows finds the blob missing, and says why.
 */
export class UploadFollower implements LayerFollower {
  readonly #repository: Repository;
  readonly #diffId: Digest;
  readonly #options: FollowOptions;
  readonly #body = new HandOver(BUFFERED_BYTES);
  readonly #taken: Promise<URL | undefined>;
  #broken = false;

  constructor(repository: Repository, diffId: Digest, options: FollowOptions) {
    this.#repository = repository;
    this.#diffId = diffId;
    this.#options = options;
    this.#taken = this.#send().catch(() => this.#break());
  }

  write(chunk: Buffer, done: () => void): Promise<void> {
    return this.#body.put(chunk, done);
  }

  async end(blob: Descriptor | undefined): Promise<void> {
    if (blob === undefined) this.#break();
    else this.#body.complete();
    const place = await this.#taken;
    if (blob === undefined || place === undefined) return;
    const { signal } = this.#options;
    try {
      const reply = await this.#repository.upload({ method: 'PUT', url: withDigest(place, blob.digest), digest: blob.digest, expect: [201, 204], signal });
      await reply.body.dump();
      this.#options.sent(blob);
    } catch {
      // The push begins anew.
    }
  }

  /** Answers where to close it. */
  async #send(): Promise<URL | undefined> {
    const { signal } = this.#options;
    const begun = await this.#repository.beginUpload(this.#diffId, undefined, signal, true);
    if (begun === undefined || this.#broken) return undefined;
    const headers = { 'content-type': 'application/octet-stream' };
    const reply = await this.#repository.upload({ method: 'PATCH', url: begun, digest: this.#diffId, headers, body: () => this.#body.take(), expect: [202, 204], signal, once: true });
    await reply.body.dump();
    // Whoever answers before the end has not taken all.
    return this.#body.isTaken ? this.#repository.location(reply) : this.#break();
  }

  #break(): undefined {
    this.#broken = true;
    this.#body.break();
  }
}
