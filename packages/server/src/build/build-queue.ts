import { CancelledError } from '@strake/api';
import { HttpError } from '../http/status-of';

/** How many builds run and wait, for metrics. */
export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

interface Waiting {
  start(): void;
}

/** Lets builds run in the order in which they came, no more at once than allowed. */
export class BuildQueue {
  readonly #limit: number;
  readonly #longest: number;
  readonly #waiting: Waiting[] = [];
  readonly #ended: (() => void)[] = [];
  #running = 0;

  constructor(limit: number, longest: number) {
    this.#limit = limit;
    this.#longest = longest;
  }

  get state(): QueueState {
    return { running: this.#running, waiting: this.#waiting.length };
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running > 0) await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  /** Runs work when its turn comes; one that is aborted before gives up its place. Throws `HttpError` 503 when too many wait. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    if (this.#running < this.#limit) this.#running += 1;
    else await this.#turn(signal);
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  async #turn(signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw new CancelledError();
    if (this.#waiting.length >= this.#longest) throw new HttpError(503, `too many builds: ${this.#running} run and ${this.#waiting.length} wait`);
    return new Promise((resolve, reject) => {
      const give = (): void => {
        const place = this.#waiting.indexOf(entry);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(new CancelledError());
      };
      const entry: Waiting = {
        start: () => {
          signal.removeEventListener('abort', give);
          resolve();
        },
      };
      signal.addEventListener('abort', give, { once: true });
      this.#waiting.push(entry);
    });
  }

  /** The place goes to whoever waits longest, or becomes free. */
  #leave(): void {
    const next = this.#waiting.shift();
    if (next !== undefined) {
      next.start();
      return;
    }
    this.#running -= 1;
    if (this.#running === 0) for (const resolve of this.#ended.splice(0)) resolve();
  }
}
