import { exitCodes } from './exit-codes';

/** What interrupts a command, and how to stop listening. */
export interface Interruption {
  readonly signal: AbortSignal;
  /** Takes the second signal, which otherwise ends the process at once: what is given is aborted by it, and the third one ends the process. */
  readonly second: () => AbortSignal;
  /** The exit code that a signal calls for; undefined when none came. */
  exitCode(): number | undefined;
  dispose(): void;
}

/** The first Ctrl-C (or SIGTERM) asks the command to stop cleanly; the next one that nobody has asked for ends the process at once. */
export function interruptible(): Interruption {
  const controller = new AbortController();
  let again: AbortController | undefined;
  let code: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (code !== undefined) {
      if (again === undefined || again.signal.aborted) process.exit(code);
      again.abort();
      return;
    }
    code = signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
    controller.abort();
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    second: () => (again ??= new AbortController()).signal,
    exitCode: () => code,
    dispose: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
