import { CancelledError } from '@strake/api';
import { HttpError } from '../http/status-of';

/** How many builds run and wait, for metrics. */
export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

interface Waiting {
  readonly client: string;
  start(): void;
}

/**
 * Lets no more builds run at once than allowed. The next place goes to the client that has the fewest of them, then to the one whose last turn is
 * longest ago: whoever asks for many builds does not keep others waiting. Builds of one client run in the order in which they came.
 */
export class BuildQueue {
  readonly #limit: number;
  readonly #longest: number;
  readonly #waiting: Waiting[] = [];
  readonly #running: string[] = [];
  /** When each client that waits or runs had its last turn. */
  readonly #turns = new Map<string, number>();
  readonly #ended: (() => void)[] = [];
  #turn = 0;

  constructor(limit: number, longest: number) {
    this.#limit = limit;
    this.#longest = longest;
  }

  get state(): QueueState {
    return { running: this.#running.length, waiting: this.#waiting.length };
  }

  /** Resolves when nothing runs and nothing waits. */
  async idle(): Promise<void> {
    if (this.#running.length > 0) await new Promise<void>((resolve) => this.#ended.push(resolve));
  }

  /** Runs work of a client when its turn comes; one that is aborted before gives up its place. Throws `HttpError` 503 when too many wait. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, client = ''): Promise<T> {
    if (this.#running.length < this.#limit) this.#enter(client);
    else await this.#wait(signal, client);
    try {
      return await work();
    } finally {
      this.#leave(client);
    }
  }

  async #wait(signal: AbortSignal, client: string): Promise<void> {
    if (signal.aborted) throw new CancelledError();
    if (this.#waiting.length >= this.#longest) throw new HttpError(503, `too many builds: ${this.#running.length} run and ${this.#waiting.length} wait`);
    return new Promise((resolve, reject) => {
      const give = (): void => {
        const place = this.#waiting.indexOf(entry);
        if (place >= 0) this.#waiting.splice(place, 1);
        reject(new CancelledError());
      };
      const entry: Waiting = {
        client,
        start: () => {
          signal.removeEventListener('abort', give);
          resolve();
        },
      };
      signal.addEventListener('abort', give, { once: true });
      this.#waiting.push(entry);
    });
  }

  #enter(client: string): void {
    this.#running.push(client);
    this.#turns.set(client, ++this.#turn);
  }

  #leave(client: string): void {
    this.#running.splice(this.#running.indexOf(client), 1);
    const next = this.#next();
    if (next !== undefined) {
      this.#waiting.splice(this.#waiting.indexOf(next), 1);
      this.#enter(next.client);
      next.start();
    }
    if (!this.#running.includes(client) && this.#waiting.every((one) => one.client !== client)) this.#turns.delete(client);
    if (this.#running.length === 0) for (const resolve of this.#ended.splice(0)) resolve();
  }

  #next(): Waiting | undefined {
    const runs = (client: string): number => this.#running.filter((one) => one === client).length;
    const order = (a: Waiting, b: Waiting): number => runs(a.client) - runs(b.client) || (this.#turns.get(a.client) ?? 0) - (this.#turns.get(b.client) ?? 0);
    // Sorting is stable: of equals the one that waits longest.
    return [...this.#waiting].sort(order)[0];
  }
}
