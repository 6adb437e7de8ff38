import type { CopyOp, Mount, Vertex } from '@strake/api';

/** What a vertex takes from an input: `name` is that of its part in the key by content. */
export interface Read {
  readonly name: string;
  readonly op: CopyOp;
  /** Of a mount: the path that must be there. */
  readonly path?: string;
}

/** Everything that the content key knows of a vertex's inputs: what copies take, and what mounts show. */
export function readsOf({ ops }: Vertex): readonly Read[] {
  const copies = ops.filter((op): op is CopyOp => op.type === 'copy').map((op, index) => ({ name: `files:${index}`, op }));
  const mounts = ops.flatMap((op) => (op.type === 'exec' ? (op.mounts ?? []) : [])).flatMap(mountRead);
  return [...copies, ...mounts];
}

const known = new WeakMap<Mount, readonly Read[]>();

/** A mount takes what a copy of the same path would. The same answer each time, so that what is remembered of its op is found again. */
export function mountRead(mount: Mount): readonly Read[] {
  const found = known.get(mount) ?? readOf(mount);
  known.set(mount, found);
  return found;
}

function readOf(mount: Mount): readonly Read[] {
  if (mount.type !== 'bind' && mount.type !== 'cache') return [];
  const from = mount.type === 'bind' ? mount : mount.from;
  if (from === undefined) return [];
  const sources = [from.source.replace(/[\\*?[]/g, '\\$&')];
  return [{ name: `files:${mount.target}`, op: { type: 'copy', input: from.input, sources, destination: mount.target }, path: from.source }];
}
