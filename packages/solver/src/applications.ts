import type { CacheResult, Digest } from '@strake/api';
import { Gate } from '@strake/oci';

/** What is being made: so many at once, and nothing twice. */
export class Applications {
  readonly #gate: Gate;
  readonly #begun = new Map<Digest, Promise<CacheResult>>();

  constructor(parallelism: number) {
    this.#gate = new Gate(parallelism);
  }

  /** Runs one when there is a place among those that run. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#gate.run(work);
  }

  /** Remembers what is made under a key by content; without one it has no likes. */
  as(key: Digest | undefined, make: () => Promise<CacheResult>): Promise<CacheResult> {
    const made = make();
    if (key !== undefined) this.#begun.set(key, made);
    return made;
  }

  /** What another step of the same key by content makes or has made in this build. */
  alike(key: Digest | undefined): Promise<CacheResult> | undefined {
    return key === undefined ? undefined : this.#begun.get(key);
  }
}
