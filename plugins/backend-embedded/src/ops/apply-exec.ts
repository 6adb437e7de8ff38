import { randomBytes } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { OperatorError, StepFailedError, type ExecOp } from '@strake/api';
import { findUser } from '../rootfs/find-user';
import { makeDirectories } from '../rootfs/make-directories';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { BUILD_HOSTNAME, findRuntime, type Runtime, type RunMount } from '../runtime';
import type { OpWork } from './apply-ops';
import { LastLines } from './last-lines';
import { hostsFile, resolverFile } from './network-files';

/** Runs a program in the tree. Throws STEP_FAILED, with the last lines of its output, when it does not end with 0. */
export async function applyExec(op: ExecOp, work: OpWork): Promise<void> {
  const { root, times } = work;
  const user = findUser(root, op.user);
  makeDirectories(resolveInRoot(root, op.cwd), times, { mode: 0o755, owner: user, shown: op.cwd });
  // A program's own changes of times are part of what it did: only what was made for it is put back.
  times.restore();
  const bundle = join(work.work, 'bundle');
  mkdirSync(bundle);
  const last = new LastLines(10);
  try {
    const { exitCode } = await runtimeOf(work).run({
      id: `strake-${randomBytes(8).toString('hex')}`,
      rootfs: root,
      bundle,
      args: op.args,
      env: op.env.some((pair) => pair.startsWith('HOME=')) ? op.env : [...op.env, `HOME=${user.home}`],
      cwd: op.cwd,
      user,
      network: op.network,
      hostname: BUILD_HOSTNAME,
      mounts: prepareMounts(op, work),
      signal: work.signal,
      log(stream, data) {
        last.add(data);
        work.log(stream, data);
      },
    });
    if (exitCode !== 0) throw new StepFailedError(op.args, exitCode, { notes: last.lines() });
  } finally {
    rmSync(work.work, { recursive: true, force: true });
  }
}

/** Files that programs see only while they run. */
function prepareMounts({ scripts = [] }: ExecOp, { root, work, request }: OpWork): readonly RunMount[] {
  const show = (target: string, name: string, content: string, mode = 0o644): RunMount => {
    const source = join(work, name);
    writeFileSync(source, content, { mode });
    return { source, target, readonly: true };
  };
  const inRoot = (path: string): string => resolveInRoot(root, path).slice(root.length);
  return [
    show(inRoot('/etc/hosts'), 'hosts', hostsFile(BUILD_HOSTNAME, request.extraHosts)),
    show(inRoot('/etc/resolv.conf'), 'resolv.conf', resolverFile()),
    ...scripts.map(({ name, content }, index) => show(`/dev/pipes/${name}`, `script${index}`, content, 0o755)),
  ];
}

const runtimes = new Map<string, Runtime>();

/** The runtime of this thread. What it cannot do is said once a build, with the output of the first program. */
function runtimeOf(work: OpWork): Runtime {
  const { request } = work;
  const known = runtimes.get(request.runtime.stateRoot);
  if (known !== undefined) return known;
  // The thread's own environment: the one that the backend was given.
  const found = findRuntime(process.env, request.runtime);
  if ('reason' in found) throw new OperatorError('RUNTIME_MISSING', found.reason, { hint: 'apt-get install crun' });
  found.warnings.forEach((message) => work.warn(message));
  runtimes.set(request.runtime.stateRoot, found);
  return found;
}
