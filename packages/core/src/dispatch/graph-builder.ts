import type { Digest, Op, Vertex, VertexNote } from '@strake/api';
import { digestOf } from './canonical-json';

/** Collects vertices, inputs before users; equal ones are one. */
export class GraphBuilder {
  private readonly found = new Map<Digest, Vertex>();

  add(ops: readonly Op[], parent: Digest | null, inputs: readonly Digest[], note: VertexNote, unkeyedEnv: readonly string[] = []): Digest {
    const digest = digestOf({ ops, parent, inputs });
    if (!this.found.has(digest)) {
      this.found.set(digest, { digest, ops, parent, inputs, note, ...(unkeyedEnv.length > 0 ? { unkeyedEnv } : {}) });
    }
    return digest;
  }

  /** Gives a vertex another name; not when it is a vertex that somebody else had added before. */
  rename(digest: Digest, note: VertexNote, name: string): void {
    const vertex = this.found.get(digest);
    if (vertex?.note === note) this.found.set(digest, { ...vertex, note: { ...note, name } });
  }

  /** What the roots need. */
  neededBy(roots: readonly (Digest | null)[]): readonly Vertex[] {
    const needed = new Set<Digest>();
    const visit = (digest: Digest | null) => {
      if (digest === null || needed.has(digest)) return;
      needed.add(digest);
      const vertex = this.found.get(digest);
      vertex?.inputs.forEach(visit);
      visit(vertex?.parent ?? null);
    };
    roots.forEach(visit);
    return [...this.found.values()].filter(({ digest }) => needed.has(digest));
  }
}
