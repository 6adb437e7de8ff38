import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { OperatorError } from '@strake/api';
import { openOutputPipe } from './output-pipe';
import type { RunResult, RunSpec } from './run-spec';

/** A process to start for a run, and how to end what it started. */
export interface ChildCommand {
  readonly path: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Tries to end the container; false while there is none yet. Called again until the child has exited. */
  kill(): boolean;
}

const RETRY_MILLISECONDS = 5;

/** Starts the child, delivers its output and waits for its end. Throws RUNTIME_FAILED when it cannot be started, CANCELLED. */
export async function runChild(command: ChildCommand, spec: RunSpec): Promise<RunResult> {
  refuseWhenAborted(spec.signal);
  const pipes = ([1, 2] as const).map((stream) => openOutputPipe((data) => spec.log(stream, data)));
  const child = spawn(command.path, command.args, { stdio: ['ignore', ...pipes.map((pipe) => pipe.write)], env: command.env });
  for (const pipe of pipes) pipe.handOver();
  const exited = new Promise<number>((resolve, reject) => {
    child.once('error', (cause) => reject(new OperatorError('RUNTIME_FAILED', `${command.path} cannot be started: ${cause.message}`, { cause })));
    child.once('exit', (code, signal) => resolve(code ?? 128 + constants.signals[signal ?? 'SIGKILL']));
  });
  const stopKilling = killOnAbort(command, spec.signal);
  try {
    const [exitCode] = await Promise.all([exited.finally(stopKilling), ...pipes.map((pipe) => pipe.drained)]);
    refuseWhenAborted(spec.signal);
    return { exitCode };
  } finally {
    stopKilling();
  }
}

/** A container that an abort finds half made cannot be ended yet, so ending it is tried until it works. */
function killOnAbort(command: ChildCommand, signal: AbortSignal): () => void {
  let timer: NodeJS.Timeout | undefined;
  const attempt = (): void => {
    if (!command.kill()) timer = setTimeout(attempt, RETRY_MILLISECONDS);
  };
  signal.addEventListener('abort', attempt, { once: true });
  return () => {
    signal.removeEventListener('abort', attempt);
    clearTimeout(timer);
  };
}

function refuseWhenAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new OperatorError('CANCELLED', 'the build was cancelled');
}
