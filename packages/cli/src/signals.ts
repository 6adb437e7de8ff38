import { exitCodes } from './exit-codes';

/** What interrupts a command, and how to stop listening. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** The exit code that a signal calls for; undefined when none came. */
  exitCode(): number | undefined;
  dispose(): void;
}

/** The first Ctrl-C (or SIGTERM) asks the command to stop cleanly; the second ends the process at once. */
export function interruptible(): Interruption {
  const controller = new AbortController();
  let code: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (code !== undefined) process.exit(code);
    code = signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    exitCode: () => code,
    dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
