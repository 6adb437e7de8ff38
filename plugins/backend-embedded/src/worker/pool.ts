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

interface Member {
  readonly worker: Worker;
  readonly pending: Map<number, Pending>;
}

/**
 * Threads with mounts of their own. None is started before the first request; a further one only while all others are at work.
 */
export class WorkerPool {
  private readonly members: Member[] = [];
  private readonly limit: number;
  private readonly env: NodeJS.ProcessEnv;
  private number = 0;
  private closed = false;

  /** `env` is what the threads, and the programs that they start, have for an environment. */
  constructor(limit: number, env: NodeJS.ProcessEnv) {
    this.limit = Math.max(1, limit);
    this.env = env;
  }

  /** How many threads there are. */
  get size(): number {
    return this.members.length;
  }

  /** Asks an idle thread. Throws what the thread's work threw, CANCELLED after an abort, INTERNAL when the thread died. */
  async request<T extends WorkerRequest>(request: T, options: RequestOptions = {}): Promise<WorkerAnswers[T['type']]> {
    if (options.signal?.aborted === true || this.closed) throw new CancelledError();
    const member = this.pick();
    const number = ++this.number;
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => {
      Atomics.store(cancel, 0, 1);
      member.worker.postMessage({ kind: 'abort', number } satisfies ToWorker);
    };
    options.signal?.addEventListener('abort', abort, { once: true });
    try {
      return await new Promise<WorkerAnswers[T['type']]>((resolve, reject) => {
        member.pending.set(number, { options, resolve: (answer) => resolve(answer as WorkerAnswers[T['type']]), reject });
        member.worker.ref();
        member.worker.postMessage({ kind: 'request', number, request, cancel } satisfies ToWorker);
      });
    } finally {
      options.signal?.removeEventListener('abort', abort);
    }
  }

  /** Ends all threads, and with them their mounts. */
  async close(): Promise<void> {
    this.closed = true;
    await Promise.all(this.members.splice(0).map(end));
  }

  private pick(): Member {
    const [least] = [...this.members].sort((a, b) => a.pending.size - b.pending.size);
    if (least !== undefined && (least.pending.size === 0 || this.members.length >= this.limit)) return least;
    return this.start();
  }

  private start(): Member {
    // Pipes are made by a system call of their own, which the tracking does not know.
    const member: Member = { worker: new Worker(workerFile(), { env: this.env, trackUnmanagedFds: false }), pending: new Map() };
    member.worker.on('message', (message: FromWorker) => receive(member, message));
    member.worker.on('error', (error) => this.died(member, error));
    member.worker.on('exit', () => this.died(member));
    this.members.push(member);
    return member;
  }

  private died(member: Member, cause?: unknown): void {
    const index = this.members.indexOf(member);
    if (index >= 0) this.members.splice(index, 1);
    const error = this.closed ? new CancelledError() : new InternalError('the thread that does the file work died', { ...(cause === undefined ? {} : { cause }) });
    for (const pending of member.pending.values()) {
      pending.asking?.end();
      pending.reject(error);
    }
    member.pending.clear();
  }
}

function receive(member: Member, message: FromWorker): void {
  const pending = member.pending.get(message.number);
  if (pending === undefined) return;
  const { options } = pending;
  switch (message.kind) {
    case 'stopped':
      return stop(member, message.number, pending, message.program);
    case 'output':
    case 'answer':
    case 'refused':
      return pending.asking?.receive(message);
    case 'log':
      return options.log?.(message.stream, Buffer.from(message.data));
    case 'warning':
      return options.warn?.(message.warning);
    case 'chunk':
      void options.chunk?.(Buffer.from(message.bytes.buffer, message.bytes.byteOffset, message.bytes.byteLength)).then(() => member.worker.postMessage({ kind: 'more', number: message.number } satisfies ToWorker));
      return undefined;
    case 'progress':
      return options.progress?.(message.current, message.total);
    case 'done':
      settle(member, message.number);
      return pending.resolve(message.answer);
    case 'failed':
      settle(member, message.number);
      return pending.reject(reviveError(message.error));
  }
}

/** Lets whoever wants it look at what a program left; then the request goes on to its end. */
function stop(member: Member, number: number, pending: Pending, program: FailedProgram): void {
  const asking = new Asking((message) => member.worker.postMessage({ ...message, number } satisfies ToWorker));
  pending.asking = asking;
  const resume = (): void => {
    asking.end();
    if (member.pending.has(number)) member.worker.postMessage({ kind: 'resume', number } satisfies ToWorker);
  };
  void (pending.options.stopped?.(program, asking) ?? Promise.resolve()).then(resume, resume);
}

/** A thread with nothing to do puts its things away first; one at work is stopped where it stands. */
async function end({ worker, pending }: Member): Promise<void> {
  if (pending.size > 0) {
    await worker.terminate();
    return;
  }
  worker.ref();
  const ended = once(worker, 'exit');
  worker.postMessage({ kind: 'close' } satisfies ToWorker);
  await ended;
}

function settle(member: Member, number: number): void {
  member.pending.get(number)?.asking?.end();
  member.pending.delete(number);
  if (member.pending.size === 0) member.worker.unref();
}
