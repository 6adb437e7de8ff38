import { BUILD_EVENTS_VERSION, type BuildEvent, type BuildEvents } from '@strake/api';

/** Events of a build for whoever iterates, each from the moment when they begin. */
export class EventStream implements BuildEvents {
  readonly version = BUILD_EVENTS_VERSION;
  readonly #readers = new Set<Reader>();
  #ended = false;

  give(event: BuildEvent): void {
    for (const reader of this.#readers) reader.give(event);
  }

  end(): void {
    this.#ended = true;
    for (const reader of this.#readers) reader.end();
    this.#readers.clear();
  }

  [Symbol.asyncIterator](): AsyncIterator<BuildEvent, undefined> {
    const reader = new Reader(() => this.#readers.delete(reader));
    if (this.#ended) reader.end();
    else this.#readers.add(reader);
    return reader;
  }
}

type Next = IteratorResult<BuildEvent, undefined>;

const DONE: Next = { done: true, value: undefined };

/** One iteration. */
class Reader implements AsyncIterator<BuildEvent, undefined> {
  readonly #leave: () => void;
  readonly #waiting: ((next: Next) => void)[] = [];
  #events: BuildEvent[] = [];
  #at = 0;
  #ended = false;

  constructor(leave: () => void) {
    this.#leave = leave;
  }

  give(event: BuildEvent): void {
    const next = this.#waiting.shift();
    if (next === undefined) this.#events.push(event);
    else next({ done: false, value: event });
  }

  end(): void {
    this.#ended = true;
    for (const next of this.#waiting.splice(0)) next(DONE);
  }

  next(): Promise<Next> {
    const value = this.#events[this.#at];
    if (value !== undefined) {
      this.#at += 1;
      if (this.#at === this.#events.length) [this.#events, this.#at] = [[], 0];
      return Promise.resolve({ done: false, value });
    }
    if (this.#ended) return Promise.resolve(DONE);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  return(): Promise<Next> {
    this.#leave();
    this.#events = [];
    this.end();
    return Promise.resolve(DONE);
  }
}
