import type { BuildGraph, Digest, ExecOp, Op, Vertex } from '@strake/api';
import { digestOf } from '@strake/oci';

/** A program with nothing but its words and its environment. */
export const exec = (args: readonly string[], env: readonly string[] = []): ExecOp => ({ type: 'exec', args, env, cwd: '/', user: '', network: 'default' });

/** A vertex named for people by `name`. */
export function vertex(name: string, ops: readonly Op[], parent: Vertex | null = null, inputs: readonly Vertex[] = []): Vertex {
  const inputDigests = inputs.map((input) => input.digest);
  const own: Digest = digestOf(JSON.stringify([ops, parent?.digest, inputDigests]));
  return { digest: own, ops, parent: parent?.digest ?? null, inputs: inputDigests, note: { name, stage: 'main', range: range(name) } };
}

/** A graph whose one result is the last vertex. */
export function graphOf(...vertices: readonly Vertex[]): BuildGraph {
  const root = vertices.at(-1)?.digest ?? null;
  const platform = { os: 'linux', architecture: 'amd64' };
  return { vertices, warnings: [], stages: [], globals: [], results: [{ platform, root, history: [], config: { ...platform, config: {} } }] };
}

function range(name: string): NonNullable<Vertex['note']['range']> {
  return { file: 'Dockerfile', start: { line: name.length, column: 1 }, end: { line: name.length, column: 2 } };
}
