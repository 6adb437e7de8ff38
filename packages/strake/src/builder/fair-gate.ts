/** Where one build gets its turns. */
export interface Lane {
  /** Runs a piece of work when it is its turn. */
  run<T>(work: () => Promise<T>): Promise<T>;
}

/** Lets at most `limit` pieces of work run at once. Who waits gets turns build by build, so that a large one does not keep a small one waiting. */
export class FairGate {
  #free: number;
  /** Lanes with waiting work; the first is next. */
  readonly #waiting: (() => void)[][] = [];

  constructor(limit: number) {
    this.#free = limit;
  }

  /** A lane of its own for a build. */
  lane(): Lane {
    const queue: (() => void)[] = [];
    return {
      run: async (work) => {
        if (this.#free > 0) this.#free -= 1;
        else await this.#turn(queue);
        try {
          return await work();
        } finally {
          this.#next();
        }
      },
    };
  }

  #turn(queue: (() => void)[]): Promise<void> {
    if (queue.length === 0) this.#waiting.push(queue);
    return new Promise((resume) => queue.push(resume));
  }

  #next(): void {
    const queue = this.#waiting.shift();
    const resume = queue?.shift();
    if (queue !== undefined && queue.length > 0) this.#waiting.push(queue);
    if (resume === undefined) this.#free += 1;
    else resume();
  }
}
