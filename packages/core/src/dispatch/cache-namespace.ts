import type { Op } from '@strake/api';

/** BuildKit's build argument for it; no ARG needs to declare it. */
const ARGUMENT = 'BUILDKIT_CACHE_MOUNT_NS';

/** The op with its caches in the namespace that the build asks for. */
export function inNamespace(op: Op, buildArgs: Readonly<Record<string, string | undefined>>): Op {
  const namespace = buildArgs[ARGUMENT] ?? '';
  if (namespace === '' || op.type !== 'exec' || op.mounts === undefined) return op;
  return { ...op, mounts: op.mounts.map((mount) => (mount.type === 'cache' ? { ...mount, id: `${namespace}/${mount.id}` } : mount)) };
}
