import type { BackendCapabilities, BuildGraph, Op, Vertex } from '@strake/api';
import { formatPlatform, OperatorError } from '@strake/api';

/** Refuses a graph that the backend cannot do, before anything runs. Throws UNSUPPORTED, RUNTIME_MISSING with the vertex's position. */
export function checkCapabilities(graph: BuildGraph, capabilities: BackendCapabilities): void {
  for (const vertex of graph.vertices) {
    for (const op of vertex.ops) checkOp(op, vertex, capabilities);
    checkPlatform(vertex, capabilities);
  }
}

function checkPlatform(vertex: Vertex, { canRun, foreignHint }: BackendCapabilities): void {
  const { platform } = vertex.note;
  if (platform === undefined || vertex.ops.every(({ type }) => type !== 'exec') || canRun(platform)) return;
  throw refusal('UNSUPPORTED', `programs of ${formatPlatform(platform)} cannot run on this machine`, vertex, foreignHint === undefined ? {} : { hint: foreignHint });
}

function checkOp(op: Op, vertex: Vertex, { ops, networks, mounts, insecure, devices, cannotExecute }: BackendCapabilities): void {
  const name = op.type === 'merge' && op.squash === true ? 'squash' : op.type;
  if (!ops.has(name)) throw refusal('UNSUPPORTED', `the backend cannot do "${name}"`, vertex);
  if (op.type !== 'exec') return;
  for (const { type } of op.mounts ?? []) {
    if (mounts?.has(type) !== true) throw refusal('UNSUPPORTED', `the backend cannot do RUN --mount=type=${type}`, vertex, { at: '--mount' });
  }
  if (op.security === 'insecure' && insecure !== true) throw refusal('UNSUPPORTED', 'the backend cannot do RUN --security=insecure', vertex, { at: '--security' });
  if (op.devices !== undefined && devices !== true) throw refusal('UNSUPPORTED', 'the backend cannot do RUN --device', vertex, { at: '--device' });
  if (cannotExecute !== undefined) throw refusal('RUNTIME_MISSING', cannotExecute, vertex);
  if (!networks.has(op.network)) throw refusal('UNSUPPORTED', `the backend has no network "${op.network}"`, vertex);
}

function refusal(code: 'UNSUPPORTED' | 'RUNTIME_MISSING', message: string, { note }: Vertex, more: { readonly hint?: string; readonly at?: string } = {}): OperatorError {
  return new OperatorError(code, message, { ...(note.range ? { range: note.range } : {}), ...more });
}
