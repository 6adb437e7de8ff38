import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { CancelledError, InternalError, type FailedProgram } from '@strake/api';
import { Asking } from '../failed/asking';
import { reviveError } from './error-record';
import type { FromWorker, ToWorker, Warning, WorkerAnswers, WorkerRequest } from './protocol';
import { workerFile } from './worker-file';

/** How a request is followed. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  log?(stream: 1 | 2, data: Buffer): void;
  warn?(warning: string | Warning): void;
  progress?(current: number, total: number): void;
  /** A program of the request has failed, and what it left can be asked until the promise is settled. */
  stopped?(program: FailedProgram, asking: Asking): Promise<void>;
  /** Takes the next bytes; no more come before it resolves. */
  chunk?(bytes: Buffer): Promise<void>;
}

interface Pending {
  readonly options: RequestOptions;
  asking?: Asking;
  resolve(answer: unknown): void;
  reject(error: unknown): void;
}

/** A thread with mounts of its own. It keeps the process alive only while it is at work. */
export class WorkerThread {
  /** Called once, when it ends without having been told to. */
  onDeath: (() => void) | undefined;
  readonly #worker: Worker;
  readonly #pending = new Map<number, Pending>();
  #number = 0;
  #ended = false;
  #retired: ((clean: boolean) => void) | undefined;

  /** `env` is what it, and the programs that it starts, have for an environment. */
  constructor(env: NodeJS.ProcessEnv) {
    // Pipes are made by a system call of their own, which the tracking does not know.
    this.#worker = new Worker(workerFile(), { env, trackUnmanagedFds: false });
    this.#worker.unref();
    this.#worker.on('message', (message: FromWorker) => this.#receive(message));
    this.#worker.on('error', (error) => this.#died(error));
    this.#worker.on('exit', () => this.#died());
  }

  /** How many requests are under way. */
  get load(): number {
    return this.#pending.size;
  }

  get isAlive(): boolean {
    return !this.#ended;
  }

  /** Throws what the thread's work threw, CANCELLED after an abort, INTERNAL when the thread died. */
  async request<T extends WorkerRequest>(request: T, options: RequestOptions): Promise<WorkerAnswers[T['type']]> {
    const number = ++this.#number;
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => {
      Atomics.store(cancel, 0, 1);
      this.#post({ kind: 'abort', number });
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<WorkerAnswers[T['type']]>((resolve, reject) => {
        this.#pending.set(number, { options, resolve: (answer) => resolve(answer as WorkerAnswers[T['type']]), reject });
        this.#worker.ref();
        this.#post({ kind: 'request', number, request, cancel });
      });
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Has it give up what it holds for one build. Answers whether another may have it: not when a mount is left whose path begins with `prefix`. */
  async retire(prefix: string): Promise<boolean> {
    if (this.#ended || this.load > 0) return false;
    this.#worker.ref();
    const clean = await new Promise<boolean>((resolve) => {
      this.#retired = resolve;
      this.#post({ kind: 'retire', prefix });
    });
    this.#worker.unref();
    return clean;
  }

  /** One with nothing to do puts its things away first; one at work is stopped where it stands. With it go its mounts. */
  async end(): Promise<void> {
    if (this.#ended) return;
    if (this.load > 0) {
      this.#ended = true;
      await this.#worker.terminate();
      this.#rejectAll(new CancelledError());
      return;
    }
    this.#worker.ref();
    const ended = once(this.#worker, 'exit');
    this.#ended = true;
    this.#post({ kind: 'close' });
    await ended;
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message);
  }

  #died(cause?: unknown): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#retired?.(false);
    this.#rejectAll(new InternalError('the thread that does the file work died', { ...(cause === undefined ? {} : { cause }) }));
    this.onDeath?.();
  }

  #rejectAll(error: Error): void {
    for (const pending of this.#pending.values()) {
      pending.asking?.end();
      pending.reject(error);
    }
    this.#pending.clear();
  }

  #receive(message: FromWorker): void {
    if (message.kind === 'retired') {
      this.#retired?.(message.clean);
      return;
    }
    const pending = this.#pending.get(message.number);
    if (pending !== undefined) this.#follow(message, pending);
  }

  #follow(message: Exclude<FromWorker, { readonly kind: 'retired' }>, pending: Pending): void {
    const { options } = pending;
    switch (message.kind) {
      case 'stopped':
        return this.#stop(message.number, pending, message.program);
      case 'output':
      case 'answer':
      case 'refused':
        return pending.asking?.receive(message);
      case 'log':
        return options.log?.(message.stream, Buffer.from(message.data));
      case 'warning':
        return options.warn?.(message.warning);
      case 'chunk':
        void options.chunk?.(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength)).then(() => this.#post({ kind: 'more', number: message.number }));
        return undefined;
      case 'progress':
        return options.progress?.(message.current, message.total);
      case 'done':
        this.#settle(message.number);
        return pending.resolve(message.answer);
      case 'failed':
        this.#settle(message.number);
        return pending.reject(reviveError(message.error));
    }
  }

  /** Lets whoever wants it look at what a program left; then the request goes on to its end. */
  #stop(number: number, pending: Pending, program: FailedProgram): void {
    const asking = new Asking((message) => this.#post({ ...message, number }));
    pending.asking = asking;
    const resume = (): void => {
      asking.end();
      if (this.#pending.has(number)) this.#post({ kind: 'resume', number });
    };
    void (pending.options.stopped?.(program, asking) ?? Promise.resolve()).then(resume, resume);
  }

  #settle(number: number): void {
    this.#pending.get(number)?.asking?.end();
    this.#pending.delete(number);
    if (this.#pending.size === 0) this.#worker.unref();
  }
}
