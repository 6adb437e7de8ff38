import type { CopyOp, Mount, Vertex } from '@strake/api';

/** What a vertex takes from an input: `name` is that of its part in the key by content. */
export interface Read {
  readonly name: string;
  readonly op: CopyOp;
}

/** Everything that the content key knows of a vertex's inputs: what copies take, and what mounts show. */
export function readsOf({ ops }: Vertex): readonly Read[] {
  const copies = ops.filter((op): op is CopyOp => op.type === 'copy').map((op, index) => ({ name: `files:${index}`, op }));
  const mounts = ops.flatMap((op) => (op.type === 'exec' ? (op.mounts ?? []) : [])).flatMap(mountRead);
  return [...copies, ...mounts];
}

/** A mount takes what a copy of the same path would. */
export function mountRead(mount: Mount): readonly Read[] {
  if (mount.type !== 'bind' && mount.type !== 'cache') return [];
  const from = mount.type === 'bind' ? mount : mount.from;
  if (from === undefined) return [];
  const sources = [from.source.replace(/[\\*?[]/g, '\\$&')];
  return [{ name: `files:${mount.target}`, op: { type: 'copy', input: from.input, sources, destination: mount.target } }];
}
