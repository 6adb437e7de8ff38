import { CancelledError } from '@strake/api';
import { openStreams, terminalStreams } from './child-streams';
import { spawnProgram, waitForEnd } from './posix-spawn';
import type { RunResult, RunSpec } from './run-spec';

/** A process to start for a run, and how to end what it started. */
export interface ChildCommand {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Told once, with the child's process id. */
  started?(pid: number): void;
  /** Tries to end the container; false while there is none yet. Called again until the child has ended. */
  kill(pid: number): boolean;
}

const RETRY_MILLISECONDS = 5;

/**
 * Starts the child, delivers its output and waits for its end. Throws RUNTIME_FAILED when it cannot be started, CANCELLED.
 * The end of both output streams is the end of the run: the child holds them until it exits, and it exits after every
 * process of its container, which the kernel ends with the first one. So nothing can keep a stream open for longer.
 */
export async function runChild(command: ChildCommand, spec: RunSpec): Promise<RunResult> {
  if (spec.signal.aborted) throw new CancelledError();
  const streams = spec.terminal === true ? terminalStreams() : openStreams(spec);
  let pid: number;
  try {
    pid = spawnProgram({ ...command, stdio: streams.stdio, terminal: spec.terminal === true });
  } finally {
    streams.handOver();
  }
  command.started?.(pid);
  const stopKilling = killOnAbort(() => command.kill(pid), spec.signal);
  await streams.ended.finally(() => {
    stopKilling();
    streams.close();
  });
  const exitCode = waitForEnd(pid);
  if (spec.signal.aborted) throw new CancelledError();
  return { exitCode };
}

/** A container that an abort finds half made cannot be ended yet, so ending it is tried until it works. */
function killOnAbort(kill: () => boolean, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const attempt = (): void => {
    if (!kill()) timer = setTimeout(attempt, RETRY_MILLISECONDS);
  };
  signal.addEventListener('abort', attempt, { once: true });
  return () => {
    signal.removeEventListener('abort', attempt);
    clearTimeout(timer);
  };
}
