import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CopyOp } from '@strake/api';
import { selectFiles, type TakenFile } from '@strake/context';
import { copyTaken } from '../copy/copy-taken';
import type { CopyWork } from '../copy/copy-work';
import { findOwner } from '@strake/oci';
import { accountsOf } from '../rootfs/account-files';
import { warnUnknownName } from '../rootfs/warn-unknown-name';
import { mountReadonly, type MountedTree } from '../worker/mount-snapshot';
import type { WorkerInput } from '../worker/protocol';
import type { OpWork } from './apply-ops';
import { addTaken } from './add-taken';

/** Copies from a context's directory or from other snapshots. */
export async function applyCopy(op: CopyOp & { readonly from: WorkerInput }, work: OpWork): Promise<void> {
  const owner = op.chown === undefined ? undefined : findOwner(accountsOf(work.root), op.chown, warnUnknownName(work));
  const source = openInput(op, work);
  try {
    const copy: CopyWork = {
      source: source.root,
      root: work.root,
      owner,
      keepOwner: op.from.kind === 'chain',
      times: work.times,
      since: op.from.kind === 'directory' ? op.from.since : undefined,
      check: () => work.check(),
      progress: (current, total) => work.progress(current, total),
    };
    if (op.unpack === true) await addTaken(op, source.taken, { ...copy, scratch: work.work });
    else copyTaken(op, source.taken, copy);
  } finally {
    source.release();
  }
}

type OpenInput = MountedTree & { readonly taken: readonly TakenFile[] };

function openInput(op: CopyOp & { readonly from: WorkerInput }, { work }: OpWork): OpenInput {
  const { from } = op;
  if (from.kind === 'directory') return { root: from.directory, taken: from.taken, release: () => undefined };
  const folder = join(work, 'source');
  mkdirSync(folder);
  const tree = mountReadonly(from.chain, folder);
  try {
    return { ...tree, taken: selectFiles(tree.root, op, { keepOwner: op.chown === undefined }).taken };
  } catch (error) {
    tree.release();
    throw error;
  }
}
