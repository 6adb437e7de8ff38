import { CancelledError } from '@strake/api';
import { HttpError } from '../http/status-of';
import { ClientCounts } from './client-counts';
import { LastTurns } from './last-turns';
import { nameOf, type QueueClient } from './queue-client';

/** How many builds run and wait, for metrics. */
export interface QueueState {
  readonly running: number;
  readonly waiting: number;
}

interface Waiting {
  readonly client: QueueClient;
  start(): void;
  refuse(error: Error): void;
}

/**
 * Lets no more builds run at once than allowed. The next place goes to the owner that has the fewest of them, then to the one whose last turn is
 * longest ago; within an owner by the same rule to one of its parts, and there to the build that came first. When too many wait, it is one of whoever
 * waits with the most that is refused, the latest: whoever asks for many builds neither keeps others waiting nor keeps them out.
 */
export class BuildQueue {
  readonly #limit: number;
  readonly #longest: number;
  readonly #waiting: Waiting[] = [];
  readonly #waitingOf = new ClientCounts();
  readonly #runningOf = new ClientCounts();
  readonly #turns = new LastTurns();
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

  /** Runs work of a client when its turn comes; one that is aborted before gives up its place. Throws `HttpError` 503 when too many wait. */
  async run<T>(work: () => Promise<T>, signal: AbortSignal, client: QueueClient): Promise<T> {
    if (this.#running < this.#limit) this.#enter(client);
    else await this.#wait(signal, client);
    try {
      return await work();
    } finally {
      this.#leave(client);
    }
  }

  async #wait(signal: AbortSignal, client: QueueClient): Promise<void> {
    if (signal.aborted) throw new CancelledError();
    return new Promise((resolve, reject) => {
      const give = (): void => {
        if (this.#waiting.includes(entry)) this.#remove(entry).refuse(new CancelledError());
      };
      const over = (): void => signal.removeEventListener('abort', give);
      const entry: Waiting = {
        client,
        start: () => {
          over();
          resolve();
        },
        refuse: (error) => {
          over();
          reject(error);
        },
      };
      signal.addEventListener('abort', give, { once: true });
      this.#add(entry);
      if (this.#waiting.length > this.#longest) this.#refuseOne();
    });
  }

  #add(entry: Waiting): void {
    this.#waiting.push(entry);
    this.#waitingOf.add(entry.client, 1);
  }

  #remove(entry: Waiting): Waiting {
    this.#waiting.splice(this.#waiting.indexOf(entry), 1);
    this.#waitingOf.add(entry.client, -1);
    this.#forget(entry.client);
    return entry;
  }

  #refuseOne(): void {
    const of = this.#waitingOf;
    const last = [...this.#waiting].sort((a, b) => of.ofOwner(a.client) - of.ofOwner(b.client) || of.ofPart(a.client) - of.ofPart(b.client)).at(-1);
    if (last !== undefined) this.#remove(last).refuse(new HttpError(503, `too many builds: ${this.#running} run and ${this.#waiting.length} wait`));
  }

  #enter(client: QueueClient): void {
    this.#running += 1;
    this.#runningOf.add(client, 1);
    this.#turns.take(client);
  }

  #leave(client: QueueClient): void {
    this.#running -= 1;
    this.#runningOf.add(client, -1);
    const next = this.#next();
    if (next !== undefined) {
      this.#enter(next.client);
      this.#remove(next).start();
    }
    this.#forget(client);
    if (this.#running === 0) for (const resolve of this.#ended.splice(0)) resolve();
  }

  #next(): Waiting | undefined {
    const [runs, turns] = [this.#runningOf, this.#turns];
    const order = ({ client: a }: Waiting, { client: b }: Waiting): number =>
      runs.ofOwner(a) - runs.ofOwner(b) || turns.ofOwner(a) - turns.ofOwner(b) || runs.ofPart(a) - runs.ofPart(b) || turns.ofPart(a) - turns.ofPart(b);
    // Sorting is stable: of equals the one that waits longest.
    return [...this.#waiting].sort(order)[0];
  }

  /** Who neither runs nor waits has had no turn: nothing is kept of clients that are gone. */
  #forget(client: QueueClient): void {
    const counts = [this.#runningOf, this.#waitingOf];
    if (counts.every((of) => of.ofPart(client) === 0)) this.#turns.forget([nameOf(client)]);
    if (counts.every((of) => of.ofOwner(client) === 0)) this.#turns.forget([client.owner]);
  }
}
