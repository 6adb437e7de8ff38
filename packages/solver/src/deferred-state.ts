import type { CacheMiss, CopyInput, Digest, SnapshotReference } from '@strake/api';
import type { State } from './state';

/** What a deferred state is made of, should anybody need it. */
export interface Deferral {
  readonly identity: Digest;
  /** Where it was found, outside the store. */
  readonly from?: string;
  /** Why it would be made. */
  readonly miss: CacheMiss;
  /** What it would be made of. */
  readonly on: readonly State[];
  readonly make: () => Promise<SnapshotReference>;
}

/**
 * A step that was built before and whose snapshot is not here: its identity is known, so that the steps after it are looked up, and it is
 * made again only when one of them needs its tree.
 */
export class DeferredState implements State {
  readonly identity: Digest;
  readonly miss: CacheMiss;
  readonly #deferral: Deferral;
  #made: Promise<CopyInput> | undefined;
  #maybe = false;
  #ended = false;

  constructor(deferral: Deferral) {
    this.identity = deferral.identity;
    this.miss = deferral.miss;
    this.#deferral = deferral;
  }

  input(): Promise<CopyInput> {
    this.#made ??= this.#deferral.make().then((snapshot) => ({ kind: 'snapshot', snapshot } as const)).finally(() => (this.#ended = true));
    return this.#made;
  }

  /** Somebody would ask for the tree if something were as only building can tell. */
  mayBeNeeded(): void {
    if (this.#maybe) return;
    this.#maybe = true;
    for (const state of this.#deferral.on) state.mayBeNeeded?.();
  }

  /** Whether anybody asked for the tree. */
  get need(): 'certain' | 'maybe' | 'none' {
    return this.#made !== undefined ? 'certain' : this.#maybe ? 'maybe' : 'none';
  }

  /** Where it was found, outside the store. */
  get from(): string | undefined {
    return this.#deferral.from;
  }

  /** What is still being made; undefined when nothing is. */
  get pending(): Promise<unknown> | undefined {
    return this.#ended ? undefined : this.#made;
  }
}
