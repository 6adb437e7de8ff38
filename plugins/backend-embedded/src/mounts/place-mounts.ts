import { statSync } from 'node:fs';
import { DockerfileError } from '@strake/api';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import type { RunMount } from '../runtime';

/** A mount whose source is ready; its target is as the Dockerfile has it. */
export type OpenMount = RunMount & { release?(): void };

/**
 * Finds where each mount goes: links in the root file system, and in the mounts that another one lies in, are followed, so that no
 * target has one and none leads out. Throws INVALID_FLAG for a place that is missing in a mount that cannot be written.
 */
export function placeMounts(mounts: readonly OpenMount[], root: string): readonly RunMount[] {
  const placed: RunMount[] = [];
  for (const { type, source, target, readonly, options } of mounts) {
    const place = placeOf(target, root, placed);
    const mount: RunMount = { ...(type === undefined ? {} : { type }), source, readonly, ...(options === undefined ? {} : { options }), ...place };
    // A link may have led to a target that has a mount: as in BuildKit, the later one takes its place.
    const same = placed.findIndex((other) => other.target === mount.target);
    if (same >= 0) placed[same] = mount;
    else placed.push(mount);
  }
  return placed;
}

function placeOf(written: string, root: string, placed: readonly RunMount[]): Pick<RunMount, 'target' | 'nested'> {
  const target = resolveInRoot(root, written).slice(root.length);
  const cover = placed.filter((mount) => target.startsWith(`${mount.target}/`)).sort((left, right) => right.target.length - left.target.length)[0];
  if (cover === undefined) return { target };
  if (cover.type === 'tmpfs') return { target, nested: true };
  const inside = resolveInRoot(cover.source, target.slice(cover.target.length));
  if (cover.readonly && statSync(inside, { throwIfNoEntry: false }) === undefined) {
    throw new DockerfileError('INVALID_FLAG', `${written} is not in the mount at ${cover.target}, and cannot be made there: it is read-only`, {
      at: '--mount',
      hint: `make it where the mount at ${cover.target} comes from, or let that one be written: rw`,
    });
  }
  return { target: `${cover.target}${inside.slice(cover.source.length)}`, nested: true };
}
