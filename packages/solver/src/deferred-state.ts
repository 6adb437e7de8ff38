import type { CopyInput, Digest, SnapshotReference } from '@strake/api';
import type { State } from './state';

/**
 * A step that was built before and whose snapshot is not here: its identity is known, so that the steps after it are looked up, and it is
 * made again only when one of them needs its tree.
 */
export class DeferredState implements State {
  readonly identity: Digest;
  readonly #make: () => Promise<SnapshotReference>;
  #made: Promise<CopyInput> | undefined;
  #ended = false;

  constructor(identity: Digest, make: () => Promise<SnapshotReference>) {
    this.identity = identity;
    this.#make = make;
  }

  input(): Promise<CopyInput> {
    this.#made ??= this.#make().then((snapshot) => ({ kind: 'snapshot', snapshot } as const)).finally(() => (this.#ended = true));
    return this.#made;
  }

  /** Whether anybody asked for the tree. */
  get needed(): boolean {
    return this.#made !== undefined;
  }

  /** What is still being made; undefined when nothing is. */
  get pending(): Promise<unknown> | undefined {
    return this.#ended ? undefined : this.#made;
  }
}
