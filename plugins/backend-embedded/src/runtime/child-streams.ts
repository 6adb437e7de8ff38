import { openInputPipe } from './input-pipe';
import { openOutputPipe } from './output-pipe';
import type { ChildProgram } from './posix-spawn';
import type { RunSpec } from './run-spec';

/** What a child reads and writes. */
export interface ChildStreams {
  readonly stdio: ChildProgram['stdio'];
  /** To be called once the child has its ends, or there will be none. */
  handOver(): void;
  /** Resolves when the child has closed all that it was given, and what it wrote was delivered. */
  readonly ended: Promise<void>;
  close(): void;
}

/** Pipes for output, and for input where there is some. */
export function openStreams(spec: RunSpec): ChildStreams {
  const [out, error] = [openOutputPipe((data) => spec.log(1, data)), openOutputPipe((data) => spec.log(2, data))];
  const { stdin } = spec;
  const input = stdin === undefined ? undefined : openInputPipe(stdin);
  return {
    stdio: [input?.read ?? null, out.write, error.write],
    handOver: () => {
      for (const pipe of [out, error]) pipe.handOver();
      input?.handOver();
    },
    ended: Promise.all([out.drained, error.drained]).then(() => undefined),
    close: () => input?.close(),
  };
}

/** The terminal of this process; a pipe that nobody writes to tells the end. */
export function terminalStreams(): ChildStreams {
  const end = openOutputPipe(() => undefined);
  return { stdio: [0, 1, 2, end.write], handOver: () => end.handOver(), ended: end.drained, close: () => undefined };
}
