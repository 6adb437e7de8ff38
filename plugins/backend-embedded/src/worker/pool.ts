import { CancelledError } from '@strake/api';
import type { IdleThreads } from './idle-threads';
import type { WorkerAnswers, WorkerRequest } from './protocol';
import type { RequestOptions, WorkerThread } from './worker-thread';

export type { RequestOptions } from './worker-thread';

/**
 * The threads of one build, with mounts of their own. None is taken before the first request; a further one only while all others are at work.
 */
export class WorkerPool {
  readonly #threads: WorkerThread[] = [];
  readonly #limit: number;
  readonly #idle: IdleThreads;
  #closed = false;

  /** Threads come from those that are idle, and go back there. */
  constructor(limit: number, idle: IdleThreads) {
    this.#limit = Math.max(1, limit);
    this.#idle = idle;
  }

  /** How many threads there are. */
  get size(): number {
    return this.#threads.length;
  }

  /** Asks an idle thread. Throws what the thread's work threw, CANCELLED after an abort, INTERNAL when the thread died. */
  async request<T extends WorkerRequest>(request: T, options: RequestOptions = {}): Promise<WorkerAnswers[T['type']]> {
    if (options.signal?.aborted === true || this.#closed) throw new CancelledError();
    return this.#pick().request(request, options);
  }

  /** Gives the threads back; those at work are ended, and with them their mounts. The paths of all its mounts begin with `prefix`. */
  async close(prefix: string): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#threads.splice(0).map((thread) => this.#idle.give(thread, prefix)));
  }

  #pick(): WorkerThread {
    const [least] = [...this.#threads].sort((a, b) => a.load - b.load);
    if (least !== undefined && (least.load === 0 || this.#threads.length >= this.#limit)) return least;
    const thread = this.#idle.take();
    thread.onDeath = () => this.#remove(thread);
    this.#threads.push(thread);
    return thread;
  }

  #remove(thread: WorkerThread): void {
    const at = this.#threads.indexOf(thread);
    if (at >= 0) this.#threads.splice(at, 1);
  }
}
