import type { BackendCapabilities, BuildGraph, Digest, Op, Platform, Vertex } from '@strake/api';
import { OperatorError } from '@strake/api';

/** Refuses a graph that the backend cannot do, before anything runs. Throws UNSUPPORTED, RUNTIME_MISSING with the vertex's position. */
export function checkCapabilities(graph: BuildGraph, capabilities: BackendCapabilities): void {
  const platforms = new Map<Digest, Platform | undefined>();
  for (const vertex of graph.vertices) {
    const [source] = vertex.ops;
    const own = source?.type === 'source' ? source.platform : undefined;
    // Vertices come after those that they stand on; what stands on nothing is of the platform that is built for.
    const platform = own ?? (vertex.parent === null ? undefined : platforms.get(vertex.parent)) ?? graph.results[0]?.platform;
    platforms.set(vertex.digest, platform);
    for (const op of vertex.ops) checkOp(op, vertex, capabilities);
    if (platform && vertex.ops.some(({ type }) => type === 'exec') && !capabilities.canRun(platform)) {
      throw refusal('UNSUPPORTED', `programs of ${platform.os}/${platform.architecture} cannot run on this machine`, vertex);
    }
  }
}

function checkOp(op: Op, vertex: Vertex, { ops, networks, mounts, insecure, devices, cannotExecute }: BackendCapabilities): void {
  if (!ops.has(op.type)) throw refusal('UNSUPPORTED', `the backend cannot do "${op.type}"`, vertex);
  if (op.type !== 'exec') return;
  for (const { type } of op.mounts ?? []) {
    if (mounts?.has(type) !== true) throw refusal('UNSUPPORTED', `the backend cannot do RUN --mount=type=${type}`, vertex);
  }
  if (op.security === 'insecure' && insecure !== true) throw refusal('UNSUPPORTED', 'the backend cannot do RUN --security=insecure', vertex);
  if (op.devices !== undefined && devices !== true) throw refusal('UNSUPPORTED', 'the backend cannot do RUN --device', vertex);
  if (cannotExecute !== undefined) throw refusal('RUNTIME_MISSING', cannotExecute, vertex);
  if (!networks.has(op.network)) throw refusal('UNSUPPORTED', `the backend has no network "${op.network}"`, vertex);
}

function refusal(code: 'UNSUPPORTED' | 'RUNTIME_MISSING', message: string, { note }: Vertex): OperatorError {
  return new OperatorError(code, message, note.range ? { range: note.range } : {});
}
