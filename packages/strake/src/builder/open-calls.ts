import { OperatorError } from '@strake/api';

/** The work of one builder: begun until it is closed, and waited for then. */
export class OpenCalls {
  readonly #running = new Set<Promise<unknown>>();
  #closed: Promise<void> | undefined;

  /** Throws USAGE when the builder is closed. */
  check(): void {
    if (this.#closed !== undefined) throw new OperatorError('USAGE', 'the builder is closed', { hint: 'make another one with createBuilder' });
  }

  /** Does some work. Throws USAGE when the builder is closed. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.check();
    const running = work();
    this.#running.add(running);
    try {
      return await running;
    } finally {
      this.#running.delete(running);
    }
  }

  /** Nothing is begun from now on; `end` when all that runs has ended, however that went. A second call waits for the same. */
  close(end: () => Promise<void>): Promise<void> {
    this.#closed ??= Promise.allSettled(this.#running).then(end);
    return this.#closed;
  }
}
