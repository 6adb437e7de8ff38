import { posix } from 'node:path';
import { OperatorError, type BuildGraph, type ExecOp, type Mount, type Vertex, type VertexNote } from '@strake/api';
import { needsOwnContainer } from './mounts/exec-mounts';

/** Files that engines mount themselves. */
const OF_THE_ENGINE = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

/** Refuses what an engine cannot do though it can do everything like it. Throws UNSUPPORTED with the vertex's place. */
export function checkGraph({ vertices }: BuildGraph): void {
  const known = new Map(vertices.map((vertex) => [vertex.digest, vertex]));
  for (const vertex of vertices) {
    checkMounts(vertex);
    if (vertex.ops.some(({ type }) => type === 'merge')) for (const input of vertex.inputs) checkMerged(known.get(input), known, vertex.note);
  }
}

/** Layers that are put on others must say nothing of what is below them: no engine takes a removal over. */
function checkMerged(merged: Vertex | undefined, known: ReadonlyMap<string, Vertex>, { range }: VertexNote): void {
  for (let vertex = merged; vertex !== undefined; vertex = vertex.parent === null ? undefined : known.get(vertex.parent)) {
    if (vertex.ops.every(({ type }) => type === 'copy' || type === 'mkdir' || type === 'mkfile')) continue;
    throw new OperatorError('UNSUPPORTED', 'the backend cannot put layers on others that were not made by copies alone', { hint: 'copy the files', ...(range === undefined ? {} : { range }) });
  }
}

function checkMounts({ ops, note }: Vertex): void {
  const mounts = ops.filter((op): op is ExecOp => op.type === 'exec').flatMap((op) => op.mounts ?? []);
  // A program with volumes has a container of its own: what else the instruction writes would be put into what they hide.
  if (ops.length > 1 && needsOwnContainer(mounts)) throw refusal('an instruction that runs a program with mounts and does something else besides', note, 'make it two instructions');
  const taken = mounts.map(targetOf).find((target) => target !== undefined && OF_THE_ENGINE.has(target));
  if (taken !== undefined) throw refusal(`RUN --mount at ${taken}, where the engine has a file of its own`, note, 'mount it at another path');
}

const targetOf = ({ target }: Mount): string | undefined => (target === undefined ? undefined : posix.normalize(target));

function refusal(what: string, { range }: VertexNote, hint: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `the backend cannot do ${what}`, { at: '--mount', hint, ...(range === undefined ? {} : { range }) });
}
