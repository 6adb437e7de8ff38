import { posix } from 'node:path';
import { OperatorError, type BuildGraph, type ExecOp, type Mount, type VertexNote } from '@strake/api';
import { needsOwnContainer } from './exec-mounts';

/** Files that engines mount themselves. */
const OF_THE_ENGINE = new Set(['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']);

/** Refuses mounts that an engine cannot have. Throws UNSUPPORTED with the vertex's place. */
export function checkMounts({ vertices }: BuildGraph): void {
  for (const { ops, note } of vertices) {
    const mounts = ops.filter((op): op is ExecOp => op.type === 'exec').flatMap((op) => op.mounts ?? []);
    // A program with volumes has a container of its own: what else the instruction writes would be put into what they hide.
    if (ops.length > 1 && needsOwnContainer(mounts)) throw refusal('an instruction that runs a program with mounts and does something else besides', note, 'make it two instructions');
    const taken = mounts.map(targetOf).find((target) => target !== undefined && OF_THE_ENGINE.has(target));
    if (taken !== undefined) throw refusal(`RUN --mount at ${taken}, where the engine has a file of its own`, note, 'mount it at another path');
  }
}

const targetOf = ({ target }: Mount): string | undefined => (target === undefined ? undefined : posix.normalize(target));

function refusal(what: string, { range }: VertexNote, hint: string): OperatorError {
  return new OperatorError('UNSUPPORTED', `the backend cannot do ${what}`, { at: '--mount', hint, ...(range === undefined ? {} : { range }) });
}
