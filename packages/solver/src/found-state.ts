import type { CopyInput, Digest, SnapshotReference } from '@strake/api';
import type { State } from './state';

/** What a found state does when its tree is needed. */
export interface Finding {
  readonly identity: Digest;
  readonly snapshot: SnapshotReference;
  /** Makes sure that all of the tree is here. */
  readonly bring: () => Promise<void>;
  /** Makes the step after all. Throws the error where that is not for this step to do. */
  readonly again: (error: unknown) => Promise<SnapshotReference>;
}

/** A step that was found, and whose bytes may be elsewhere: they are brought when something needs the tree. When they cannot be had the step is made. */
export class FoundState implements State {
  readonly identity: Digest;
  readonly #finding: Finding;
  #tree: Promise<CopyInput> | undefined;
  #ended = false;

  constructor(finding: Finding) {
    this.identity = finding.identity;
    this.#finding = finding;
  }

  async input(): Promise<CopyInput> {
    return this.#tree ?? { kind: 'snapshot', snapshot: this.#finding.snapshot };
  }

  tree(): Promise<CopyInput> {
    this.#tree ??= this.#bring().then((snapshot) => ({ kind: 'snapshot', snapshot } as const)).finally(() => (this.#ended = true));
    return this.#tree;
  }

  /** What is still being brought or made; undefined when nothing is. */
  get pending(): Promise<unknown> | undefined {
    return this.#ended ? undefined : this.#tree;
  }

  async #bring(): Promise<SnapshotReference> {
    const { snapshot, bring, again } = this.#finding;
    try {
      await bring();
      return snapshot;
    } catch (error) {
      return again(error);
    }
  }
}
