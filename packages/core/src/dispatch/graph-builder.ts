import type { Digest, Op, Vertex, VertexNote } from '@strake/api';
import { digestOf } from './canonical-json';
import { stricter, type Wishes } from './wishes';

/** Collects vertices, inputs before users; equal ones are one. */
export class GraphBuilder {
  private readonly found = new Map<Digest, Vertex>();

  add(ops: readonly Op[], parent: Digest | null, inputs: readonly Digest[], note: VertexNote, unkeyedEnv: readonly string[] = [], wishes: Wishes = {}): Digest {
    const digest = digestOf({ ops, parent, inputs });
    const found = this.found.get(digest);
    if (found === undefined) this.found.set(digest, { digest, ops, parent, inputs, note, ...(unkeyedEnv.length > 0 ? { unkeyedEnv } : {}), ...wishes });
    else this.found.set(digest, { ...found, ...stricter(found, wishes) });
    return digest;
  }

  /** Gives a vertex another note; not when it is a vertex that somebody else had added before. */
  rename(digest: Digest, note: VertexNote, renamed: VertexNote): void {
    const vertex = this.found.get(digest);
    if (vertex?.note === note) this.found.set(digest, { ...vertex, note: renamed });
  }

  /**
   * Puts a vertex after a state. Not when the state needs the vertex itself, as it may where two stages begin alike: answers
   * whether it was done.
   */
  order(digest: Digest, earlier: Digest): boolean {
    const vertex = this.found.get(digest);
    if (vertex === undefined || this.closure([earlier]).has(digest)) return false;
    this.found.set(digest, { ...vertex, after: [...new Set([...(vertex.after ?? []), earlier])] });
    return true;
  }

  /** What the roots need. */
  neededBy(roots: readonly (Digest | null)[]): readonly Vertex[] {
    const needed = this.closure(roots);
    return [...this.found.values()].filter(({ digest }) => needed.has(digest));
  }

  private closure(roots: readonly (Digest | null)[]): ReadonlySet<Digest> {
    const needed = new Set(roots.filter((root) => root !== null));
    // A set that grows while it is walked is walked to its end.
    for (const digest of needed) {
      const { parent = null, inputs = [], after = [] } = this.found.get(digest) ?? {};
      for (const other of [...(parent === null ? [] : [parent]), ...inputs, ...after]) needed.add(other);
    }
    return needed;
  }
}
