import { mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DockerfileError } from '@strake/api';
import { copyTaken } from '../copy/copy-taken';
import type { OpWork } from '../ops/apply-ops';
import { KeptTimes } from '../rootfs/kept-times';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { mountReadonly, mountWritable } from '../worker/mount-snapshot';
import type { MountSource, WorkerInput } from '../worker/protocol';

/** A place of a tree on this machine, until it is released. */
export interface OpenTree {
  readonly path: string;
  release(): void;
}

const TREE = 'tree';

/**
 * Opens a place of a tree. What is written is gone afterwards. Of a context only the selected files are there, as a copy: they
 * belong to root, and what changes in the context meanwhile is not seen. Throws SOURCE_MISSING.
 */
export function openTree({ from, source, shared }: MountSource, folder: string, work: OpWork, purpose: 'read' | 'write'): OpenTree {
  if (from.kind === 'directory') {
    const place = purpose === 'read' ? shared : join(folder, 'files');
    return { path: join(selectedFiles(from, place, work), TREE), release: () => undefined };
  }
  const upper = join(folder, 'upper');
  mkdirSync(upper);
  const tree = purpose === 'read' ? mountReadonly(from.chain, folder) : mountWritable(from.chain, upper, folder);
  const path = resolveInRoot(tree.root, source);
  if (statSync(path, { throwIfNoEntry: false }) !== undefined) return { path, release: () => tree.release() };
  tree.release();
  throw new DockerfileError('SOURCE_MISSING', `${source}: not found`);
}

/** Copies what was selected of a context, unless another program's mount has done so. */
function selectedFiles({ directory, taken, since }: Extract<WorkerInput, { kind: 'directory' }>, place: string, work: OpWork): string {
  if (statSync(place, { throwIfNoEntry: false }) !== undefined) return place;
  mkdirSync(dirname(place), { recursive: true });
  const fresh = mkdtempSync(`${place}.`);
  const times = new KeptTimes();
  const op = { type: 'copy', input: 0, sources: [], destination: `/${TREE}` } as const;
  copyTaken(op, taken, { source: directory, root: fresh, owner: undefined, keepOwner: false, times, since, check: () => work.check(), progress: (current, total) => work.progress(current, total) });
  times.restore();
  try {
    renameSync(fresh, place);
  } catch (error) {
    if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return place;
}
