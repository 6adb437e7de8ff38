import type { RunSpec } from './run-spec';
import { looksLikeStartFailure } from './runtime-failure';

/**
 * Keeps apart what shares a stream: crun and runc write why a program did not start to their log, and to the program's
 * own stderr too. Output that reads so is held back until more comes or the run ends.
 */
export class StartMessages {
  readonly #log: RunSpec['log'];
  #held: Buffer | undefined;

  constructor(log: RunSpec['log']) {
    this.#log = log;
  }

  readonly log = (stream: 1 | 2, data: Buffer): void => {
    if (stream === 2) {
      this.release();
      if (looksLikeStartFailure(data.toString())) {
        this.#held = data;
        return;
      }
    }
    this.#log(stream, data);
  };

  /** It was the program's output after all. */
  release(): void {
    if (this.#held !== undefined) this.#log(2, this.#held);
    this.#held = undefined;
  }
}
