interface Waiting {
  readonly chunk: Buffer;
  readonly done: () => void;
}

/** Chunks from one who brings them to one who takes them, a few MiB apart at most. */
export class HandOver {
  readonly #mostBytes: number;
  readonly #waiting: Waiting[] = [];
  #bytes = 0;
  #state: 'open' | 'complete' | 'broken' = 'open';
  #isTaken = false;
  #changed = turn();

  /** @param mostBytes how much may wait before whoever brings it is made to wait too */
  constructor(mostBytes: number) {
    this.#mostBytes = mostBytes;
  }

  /** Whether it was complete, and all of it was taken. */
  get isTaken(): boolean {
    return this.#isTaken;
  }

  /** Brings a chunk; resolves when there is room for more. `done` is called when it is no longer looked into, unless all breaks. */
  async put(chunk: Buffer, done: () => void): Promise<void> {
    if (this.#state !== 'open') return;
    this.#waiting.push({ chunk, done });
    this.#bytes += chunk.length;
    this.#change();
    while (this.#state === 'open' && this.#bytes > this.#mostBytes) await this.#changed.promise;
  }

  complete(): void {
    if (this.#state === 'open') this.#state = 'complete';
    this.#change();
  }

  /** Nothing more is taken: whoever takes gets an error, whoever brings goes on in vain. */
  break(): void {
    this.#state = 'broken';
    this.#waiting.length = 0;
    this.#change();
  }

  /** Takes everything, once. A chunk is done with when the next one is asked for. */
  async *take(): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      if (this.#state === 'broken') throw new Error('what was to be sent has broken off');
      const next = this.#waiting.shift();
      if (next !== undefined) {
        this.#bytes -= next.chunk.length;
        this.#change();
        yield next.chunk;
        next.done();
      } else if (this.#state === 'complete') {
        this.#isTaken = true;
        return;
      } else await this.#changed.promise;
    }
  }

  #change(): void {
    this.#changed.resolve();
    this.#changed = turn();
  }
}

function turn(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve: () => void = () => undefined;
  return { promise: new Promise((settle) => (resolve = settle)), resolve: () => resolve() };
}
