import type { CacheQuery, CacheResult, Digest, Vertex } from '@strake/api';

/** A key that this build found or recorded, and what it stands for. */
export interface SeenStep {
  readonly key: Digest;
  readonly vertex: Vertex;
  readonly result: CacheResult;
}

/** What a build found and made, by key. */
export class SeenSteps {
  readonly #steps = new Map<Digest, SeenStep>();

  /** The last word counts: a step that was known may be made again. */
  see({ key: { digest: key }, vertex }: Pick<CacheQuery, 'key' | 'vertex'>, { snapshot, identity, created }: CacheResult): void {
    this.#steps.set(key, { key, vertex, result: { snapshot, identity, ...(created === undefined ? {} : { created }) } });
  }

  has(key: Digest): boolean {
    return this.#steps.has(key);
  }

  /** By key: what was found and made in whatever order is told in one. */
  list(): readonly SeenStep[] {
    return [...this.#steps.values()].sort((left, right) => (left.key < right.key ? -1 : 1));
  }
}
