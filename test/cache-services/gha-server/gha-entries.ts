import type { BlockBlob } from './block-blob';
import type { RunnerScope } from './runner-token';

/** An entry: begun, and seen by others when it is finished. It never changes then. */
export interface GhaEntry {
  readonly id: number;
  readonly key: string;
  readonly version: string;
  readonly scope: string;
  readonly blob: BlockBlob;
  finished: boolean;
}

/** The entries of a repository, in the order in which they were begun. */
export class GhaEntries {
  readonly all: GhaEntry[] = [];

  /**
   * In each branch that may be read, the exact key; then the newest whose key begins with one of the prefixes, in their order
   * (docs.github.com, "Cache key matching", "Restrictions for accessing a cache").
   */
  find(scopes: readonly RunnerScope[], version: string, key: string, prefixes: readonly string[]): GhaEntry | undefined {
    for (const { Scope } of scopes) {
      const seen = this.all.filter((entry) => entry.scope === Scope && entry.version === version && entry.finished).reverse();
      const found = seen.find((entry) => entry.key === key) ?? prefixes.map((prefix) => seen.find((entry) => entry.key.startsWith(prefix))).find((entry) => entry !== undefined);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Undefined where the key is taken. */
  begin(scope: string, version: string, key: string, blob: BlockBlob): GhaEntry | undefined {
    if (this.all.some((entry) => entry.scope === scope && entry.version === version && entry.key === key)) return undefined;
    const entry = { id: this.all.length + 1, key, version, scope, blob, finished: false };
    this.all.push(entry);
    return entry;
  }
}
