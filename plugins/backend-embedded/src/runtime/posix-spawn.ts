import { getSystemErrorName } from 'node:util';
import { OperatorError } from '@strake/api';
import type * as Koffi from 'koffi' with { 'resolution-mode': 'import' };

/** A program to start as a child of this process. */
export interface ChildProgram {
  /** Absolute. */
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Descriptors that become 0, 1 and 2 of the child; null is /dev/null. */
  readonly stdio: readonly [stdin: number | null, stdout: number | null, stderr: number | null, ...others: number[]];
  /** It stays in this process's session and gets signals from its terminal; without it, it has a session of its own: the terminal is none of its business. */
  readonly terminal?: boolean;
}

type Call = (...args: readonly unknown[]) => number;
type Calls = Readonly<Record<'spawn' | 'initActions' | 'addDup' | 'addOpen' | 'freeActions' | 'initAttributes' | 'setFlags' | 'setDefaults' | 'freeAttributes' | 'wait', Call>>;

const FLAGS = { SETSIGDEF: 0x04, SETSIGMASK: 0x08, SETSID: 0x80 } as const;
const O_RDWR = 2;
/** More than any C library needs for its opaque structures. */
const OPAQUE_BYTES = 1024;
const SIGNAL_SET_BYTES = 128;

let bound: Calls | undefined;

/**
 * posix_spawn(3): it does not copy this process' page tables, so its cost does not grow with our memory as that of Node's
 * own spawn does. Answers the process id, which the caller must give to `waitForEnd`. Throws RUNTIME_FAILED.
 */
export function spawnProgram(program: ChildProgram): number {
  const calls = (bound ??= bindCalls());
  const [actions, attributes] = [Buffer.alloc(OPAQUE_BYTES), Buffer.alloc(OPAQUE_BYTES)];
  calls.initActions(actions);
  calls.initAttributes(attributes);
  try {
    program.stdio.forEach((fd, target) => (fd === null ? calls.addOpen(actions, target, '/dev/null', O_RDWR, 0) : calls.addDup(actions, fd, target)));
    calls.setFlags(attributes, FLAGS.SETSIGDEF | FLAGS.SETSIGMASK | (program.terminal === true ? 0 : FLAGS.SETSID));
    // Node ignores SIGPIPE, which a child would inherit; the mask of an initialised attribute object is empty.
    calls.setDefaults(attributes, Buffer.alloc(SIGNAL_SET_BYTES, 0xff));
    return start(calls, program, actions, attributes);
  } finally {
    calls.freeActions(actions);
    calls.freeAttributes(attributes);
  }
}

/** Waits for a child that has closed its output, and so is about to end; until then it blocks the thread. Answers its code, or 128 + signal. */
export function waitForEnd(pid: number): number {
  const status = [0];
  (bound ??= bindCalls()).wait(pid, status, 0);
  const [value = 0] = status;
  const signal = value & 0x7f;
  return signal === 0 ? (value >> 8) & 0xff : 128 + signal;
}

function start(calls: Calls, { path, args, env }: ChildProgram, actions: Buffer, attributes: Buffer): number {
  const pid = [0];
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value ?? ''}`);
  const error = calls.spawn(pid, path, actions, attributes, [path, ...args, null], [...variables, null]);
  if (error !== 0) throw new OperatorError('RUNTIME_FAILED', `${path} cannot be started: ${getSystemErrorName(-error)}`);
  return pid[0] ?? 0;
}

function bindCalls(): Calls {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  const library = (require('koffi') as typeof Koffi).load('libc.so.6');
  const bind = (prototype: string): Call => library.func(prototype) as Call;
  return {
    spawn: bind('int posix_spawn(_Out_ int *pid, const char *path, const void *actions, const void *attributes, const char **argv, const char **envp)'),
    initActions: bind('int posix_spawn_file_actions_init(void *actions)'),
    addDup: bind('int posix_spawn_file_actions_adddup2(void *actions, int fd, int target)'),
    addOpen: bind('int posix_spawn_file_actions_addopen(void *actions, int target, const char *path, int flags, unsigned int mode)'),
    freeActions: bind('int posix_spawn_file_actions_destroy(void *actions)'),
    initAttributes: bind('int posix_spawnattr_init(void *attributes)'),
    setFlags: bind('int posix_spawnattr_setflags(void *attributes, short flags)'),
    setDefaults: bind('int posix_spawnattr_setsigdefault(void *attributes, const void *signals)'),
    freeAttributes: bind('int posix_spawnattr_destroy(void *attributes)'),
    wait: bind('int waitpid(int pid, _Out_ int *status, int options)'),
  };
}
