import { statfsSync } from 'node:fs';
import { StepFailedError } from '@strake/api';
import { LastLines } from '@strake/solver';
import { findUser } from '../rootfs/find-user';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import type { WorkerExec } from '../worker/protocol';
import type { OpWork } from './apply-ops';
import { runProgram } from './run-program';

/** Bytes. */
const FULL_BELOW = 1 << 20;

/** Runs a program in the tree. Throws STEP_FAILED, with the last lines of its output, when it does not end with 0; before that who wants to may look at the tree. */
export async function applyExec(op: WorkerExec, work: OpWork): Promise<void> {
  const { root, times } = work;
  const user = findUser(root, op.user);
  makeDirectories(resolveInRoot(root, op.cwd), times, { mode: 0o755, owner: user, shown: op.cwd });
  // A program's own changes of times are part of what it did: only what was made for it is put back.
  times.restore();
  const last = new LastLines(10);
  const { exitCode, outOfMemory } = await runProgram(op, work, (stream, data) => {
    last.add(data);
    work.log(stream, data);
  });
  if (exitCode === 0) return;
  await work.stop?.(op, work, exitCode);
  const hint = outOfMemory === true ? overMemory(work) : fullDisk(work);
  throw new StepFailedError(op.args, exitCode, { notes: last.lines(), ...(hint === undefined ? {} : { hint }) });
}

/** Programs say it each in their own words, or not at all. */
function fullDisk({ request: { upper } }: OpWork): string | undefined {
  const { bavail, bsize } = statfsSync(upper);
  return bavail * bsize < FULL_BELOW ? 'the disk of the store is full: free some space (strake prune, strake cache prune) or name a store elsewhere with --store' : undefined;
}

function overMemory({ request: { limits } }: OpWork): string {
  const limit = limits?.memory === undefined ? 'its limit' : `its limit of ${limits.memory} bytes`;
  return `a process was ended because it used more memory than ${limit}: give it more, or let it do with less`;
}
