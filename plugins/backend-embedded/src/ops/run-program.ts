import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { OperatorError } from '@strake/api';
import { Redactor } from '@strake/solver';
import { unmount, MNT_DETACH } from '@strake/syscalls';
import { openMounts } from '../mounts/open-mounts';
import { mountMemory } from '../mounts/secret-files';
import { findUser, type ExecUser } from '../rootfs/find-user';
import { resolveInRoot } from '../rootfs/resolve-in-root';
import { BUILD_HOSTNAME, findRuntime, type Runtime, type RunMount, type RunResult, type RunSpec } from '../runtime';
import type { WorkerExec } from '../worker/protocol';
import type { OpWork } from './apply-ops';
import { hostsFile, resolverFile } from './network-files';

/** What a program may have besides what its step says. */
export interface ProgramTerminal {
  /** What it reads; nothing without it. */
  readonly stdin?: Readable;
  /** It has the terminal of this process. */
  readonly terminal?: boolean;
}

/** Runs a program in the tree with its mounts, which are there only while it runs; its output goes to `show`, secrets masked. Answers how it ended. */
export async function runProgram(op: WorkerExec, work: OpWork, show: RunSpec['log'], terminal: ProgramTerminal = {}): Promise<RunResult> {
  const user = findUser(work.root, op.user);
  const output = masked(op, show);
  const mounts = await openMounts(op.mounts ?? [], work);
  const bundle = openBundle(op, work);
  try {
    const spec = { ...specOf(op, user, work), ...terminal, bundle: bundle.path, mounts: [...ownMounts(op, work), ...mounts.mounts], log: output.log };
    return await runtimeOf(work).run(spec).finally(output.end);
  } finally {
    bundle.release();
    mounts.release();
  }
}

function specOf(op: WorkerExec, user: ExecUser, { root, signal, request: { limits } }: OpWork): Omit<RunSpec, 'bundle' | 'mounts' | 'log'> {
  const { args, env, cwd, network, secretEnv, devices, security, mounts = [] } = op;
  return {
    id: `strake-${randomBytes(8).toString('hex')}`,
    rootfs: root, args, cwd, user, network, signal,
    env: env.some((pair) => pair.startsWith('HOME=')) ? env : [...env, `HOME=${user.home}`],
    hostname: BUILD_HOSTNAME,
    ...(limits === undefined ? {} : { limits }),
    ...(secretEnv === undefined ? {} : { secretEnv }),
    ...(devices === undefined ? {} : { devices }),
    ...(security === 'insecure' ? { insecure: true } : {}),
    ...(mounts.some(({ type }) => type === 'cache') ? { guarded: true } : {}),
  };
}

/** The folder of the runtime's files: in memory when secrets are in them. */
function openBundle({ secretEnv }: WorkerExec, { work }: OpWork): { readonly path: string; release(): void } {
  const path = join(work, 'bundle');
  if (secretEnv !== undefined) mountMemory(path);
  else mkdirSync(path);
  return { path, release: () => (secretEnv === undefined ? undefined : unmount(path, MNT_DETACH)) };
}

/** Passes output on with secrets masked. */
function masked({ hidden = [] }: WorkerExec, show: RunSpec['log']): { readonly log: RunSpec['log']; readonly end: () => void } {
  const pass: RunSpec['log'] = (stream, data) => (data.length === 0 ? undefined : show(stream, data));
  if (hidden.length === 0) return { log: pass, end: () => undefined };
  const redactors = { 1: new Redactor(hidden), 2: new Redactor(hidden) };
  return {
    log: (stream, data) => pass(stream, redactors[stream].add(data)),
    end: () => ([1, 2] as const).forEach((stream) => pass(stream, redactors[stream].end())),
  };
}

/** Files that programs see only while they run. */
function ownMounts({ scripts = [] }: WorkerExec, { root, work, request }: OpWork): readonly RunMount[] {
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

/** Gives up what the runtimes of this thread share. No program may run any more. */
export function closeRuntimes(): void {
  for (const runtime of runtimes.values()) runtime.close();
  runtimes.clear();
}

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
