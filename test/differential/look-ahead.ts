/**
 * Runs jobs a few at a time in their order, each when it or one shortly before it is asked for: a test that waits for its own job
 * has the next ones under way, and a test that is left out by a filter costs nothing.
 */
export class LookAhead<T> {
  readonly #jobs: readonly (() => Promise<T>)[];
  readonly #width: number;
  readonly #started = new Map<number, Promise<T>>();

  /** @param width how many jobs are under way at once, at least 1 */
  constructor(jobs: readonly (() => Promise<T>)[], width: number) {
    this.#jobs = jobs;
    this.#width = width;
  }

  /** The result of a job by its place; throws what the job throws. */
  result(index: number): Promise<T> {
    const wanted = this.#start(index);
    for (let next = index + 1; next < index + this.#width; next += 1) if (next < this.#jobs.length) void this.#start(next).catch(() => undefined);
    return wanted;
  }

  /** Resolves when nothing that was started is under way any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.#started.values());
  }

  #start(index: number): Promise<T> {
    const running = this.#started.get(index);
    if (running !== undefined) return running;
    const job = this.#jobs[index];
    if (job === undefined) throw new RangeError(`there is no job ${index}`);
    const promise = job();
    this.#started.set(index, promise);
    return promise;
  }
}
