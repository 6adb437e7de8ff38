import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { CancelledError } from '@strake/api';
import { KeptTimes } from '../rootfs/kept-times';
import { mountWritable } from '../worker/mount-snapshot';
import type { ApplyRequest, Warning, WorkerExec, WorkerOp } from '../worker/protocol';
import { applyCopy } from './apply-copy';
import { applyExec } from './apply-exec';
import { applyMkdir, applyMkfile } from './make-entries';

/** What ops are applied on, and how they are followed. */
export interface OpWork {
  /** The mounted tree. */
  readonly root: string;
  /** A private directory that is empty before each op. */
  readonly work: string;
  readonly times: KeptTimes;
  readonly request: ApplyRequest;
  readonly signal: AbortSignal;
  /** Throws CANCELLED when the work is to end: also seen by synchronous work. */
  check(): void;
  log(stream: 1 | 2, data: Buffer): void;
  /** Tells what is weaker here than it should be, or, as a diagnostic, what the Dockerfile's author should know. */
  warn(warning: string | Warning): void;
  /** Waits while somebody looks at what a failed program left. */
  stop?(op: WorkerExec, work: OpWork, exitCode: number): Promise<void>;
  /** Tells how many of all things are done. */
  progress(current: number, total: number): void;
}

/** How a request is followed from inside the thread. */
export type Following = Pick<OpWork, 'signal' | 'check' | 'log' | 'warn' | 'progress' | 'stop'>;

/** Mounts a chain, applies ops in order and takes the mount away again, whatever happens. */
export async function applyOps(request: ApplyRequest, following: Following): Promise<null> {
  const tree = mountWritable(request.chain, request.upper, request.work);
  try {
    for (const [index, op] of request.ops.entries()) {
      following.check();
      const work = join(request.work, `op${index}`);
      mkdirSync(work);
      const times = new KeptTimes();
      await applyOp(op, { root: tree.root, work, times, request, ...following });
      times.restore();
    }
  } finally {
    tree.release();
  }
  if (following.signal.aborted) throw new CancelledError();
  return null;
}

async function applyOp(op: WorkerOp, work: OpWork): Promise<void> {
  switch (op.type) {
    case 'exec':
      return applyExec(op, work);
    case 'copy':
      return applyCopy(op, work);
    case 'mkdir':
      return applyMkdir(op, work);
    case 'mkfile':
      return applyMkfile(op, work);
  }
}
