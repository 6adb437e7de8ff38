import { readFileSync } from 'node:fs';
import { WorkerThread } from './worker-thread';

/** Milliseconds for which a thread without work is kept. */
const KEPT = 2_000;

interface Idle {
  readonly thread: WorkerThread;
  /** The mount table of the process when the thread began: its own is a copy of that. */
  readonly table: string;
  readonly timer: NodeJS.Timeout;
}

/**
 * Threads between two builds of one process: beginning one costs more than a small build. A thread sees the machine's mounts as they were when
 * it began, so one of another time is not used again. They keep no process alive.
 */
export class IdleThreads {
  readonly #env: NodeJS.ProcessEnv;
  readonly #most: number;
  readonly #idle: Idle[] = [];
  readonly #tables = new WeakMap<WorkerThread, string>();

  constructor(most: number, env: NodeJS.ProcessEnv) {
    this.#most = most;
    this.#env = env;
  }

  /** One that is here, or a new one. */
  take(): WorkerThread {
    const table = mountTable();
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer);
      idle.thread.onDeath = undefined;
      if (idle.thread.isAlive && idle.table === table) return idle.thread;
      void idle.thread.end();
    }
    const thread = new WorkerThread(this.#env);
    this.#tables.set(thread, table);
    return thread;
  }

  /** Takes a thread back whose build is over; one that is at work, or left a mount behind, is ended. */
  async give(thread: WorkerThread, prefix: string): Promise<void> {
    thread.onDeath = undefined;
    const table = this.#tables.get(thread);
    const clean = await thread.retire(prefix);
    if (!clean || table === undefined || this.#idle.length >= this.#most) return thread.end();
    const idle: Idle = { thread, table, timer: setTimeout(() => this.#drop(idle), KEPT).unref() };
    thread.onDeath = () => this.#drop(idle);
    this.#idle.push(idle);
  }

  /** Ends those that are here. */
  async close(): Promise<void> {
    await Promise.all(this.#idle.splice(0).map(({ thread, timer }) => {
      clearTimeout(timer);
      return thread.end();
    }));
  }

  #drop(idle: Idle): void {
    const at = this.#idle.indexOf(idle);
    if (at < 0) return;
    this.#idle.splice(at, 1);
    clearTimeout(idle.timer);
    void idle.thread.end();
  }
}

/** Empty where there is none. */
function mountTable(): string {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return '';
  }
}
