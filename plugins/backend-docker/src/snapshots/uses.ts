import type { BuildGraph, Digest, Vertex } from '@strake/api';

/** What becomes of a state: nothing but the next step on it, a result of this build, or something that other builds want to find. */
export type Use = 'step' | 'result' | 'shared';

/** Who uses the states of a graph. */
export class Uses {
  private readonly vertices: ReadonlyMap<Digest, Vertex>;
  private readonly uses = new Map<Digest, Use>();
  private readonly children = new Map<Digest, Vertex[]>();

  constructor(graph: BuildGraph) {
    this.vertices = new Map(graph.vertices.map((vertex) => [vertex.digest, vertex]));
    for (const { root } of graph.results) if (root !== null) this.raise(root, 'result');
    for (const digest of graph.required ?? []) this.raise(digest, 'result');
    for (const vertex of graph.vertices) this.count(vertex);
    for (const [digest, { length }] of this.children) if (length > 1) this.raise(digest, 'shared');
  }

  of({ digest }: Vertex): Use {
    return this.uses.get(digest) ?? 'step';
  }

  /** The one step on a state, where there is one. */
  next({ digest }: Vertex): Vertex | undefined {
    const children = this.children.get(digest) ?? [];
    return children.length === 1 ? children[0] : undefined;
  }

  /** The steps of a state, from the tree that it began with to the state itself. */
  stepsOf(root: Digest | null): readonly Vertex[] {
    const steps: Vertex[] = [];
    for (let vertex = this.find(root); vertex !== undefined && vertex.ops[0]?.type !== 'source'; vertex = this.find(vertex.parent)) steps.unshift(vertex);
    return steps;
  }

  private find(digest: Digest | null): Vertex | undefined {
    return digest === null ? undefined : this.vertices.get(digest);
  }

  private count(vertex: Vertex): void {
    if (vertex.parent !== null) this.children.set(vertex.parent, [...(this.children.get(vertex.parent) ?? []), vertex]);
    for (const input of vertex.inputs) this.raise(input, vertex.ops.every(({ type }) => type === 'merge') ? 'result' : 'shared');
    for (const earlier of vertex.after ?? []) this.raise(earlier, 'result');
  }

  private raise(digest: Digest, use: Use): void {
    if (this.uses.get(digest) !== 'shared') this.uses.set(digest, use);
  }
}
