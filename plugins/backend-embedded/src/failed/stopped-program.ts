import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { CancelledError, type FailedProgram } from '@strake/api';
import { packLayer } from '@strake/oci';
import type { OpWork } from '../ops/apply-ops';
import { runProgram } from '../ops/run-program';
import { recordError } from '../worker/error-record';
import type { Ask, AskAnswers, AskedExec, FromWorker, WorkerExec } from '../worker/protocol';
import { listDirectoryOf, readFileOf } from './read-state';

/** What an `ask` that is under way has. */
interface Open {
  readonly stdin: PassThrough;
  readonly stop: AbortController;
}

/** The thread's side of a failed program: answers what is wanted of the tree that it left, until nobody wants more. */
export class StoppedProgram {
  readonly #op: WorkerExec;
  readonly #work: OpWork;
  readonly #post: (message: FromWorker) => void;
  readonly #number: number;
  readonly #open = new Map<number, Open>();
  readonly #running = new Set<Promise<void>>();
  #resume: () => void = () => undefined;

  constructor(op: WorkerExec, work: OpWork, number: number, post: (message: FromWorker) => void) {
    this.#op = op;
    this.#work = work;
    this.#number = number;
    this.#post = post;
  }

  /** Stops the request here until it is resumed, or aborted; then nothing runs any more. */
  async wait(exitCode: number): Promise<void> {
    const { signal } = this.#work;
    const resumed = new Promise<void>((resolve) => {
      this.#resume = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
    this.#post({ kind: 'stopped', number: this.#number, program: factsOf(this.#op, exitCode) });
    if (!signal.aborted) await resumed;
    for (const { stop } of this.#open.values()) stop.abort();
    await Promise.all(this.#running);
  }

  resume(): void {
    this.#resume();
  }

  ask(id: number, ask: Ask): void {
    const open: Open = { stdin: new PassThrough(), stop: new AbortController() };
    this.#open.set(id, open);
    const number = this.#number;
    const running = this.#answer(id, ask, open)
      .then((answer) => this.#post({ kind: 'answer', number, id, answer }), (error: unknown) => this.#post({ kind: 'refused', number, id, error: recordError(error) }))
      .finally(() => {
        this.#open.delete(id);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  feed(id: number, data: Uint8Array | null): void {
    const stdin = this.#open.get(id)?.stdin;
    if (data === null) stdin?.end();
    else stdin?.write(data);
  }

  drop(id: number): void {
    this.#open.get(id)?.stop.abort();
  }

  async #answer(id: number, ask: Ask, open: Open): Promise<AskAnswers[Ask['type']]> {
    if (this.#work.signal.aborted) throw new CancelledError();
    switch (ask.type) {
      case 'exec':
        return this.#exec(id, ask.exec, open);
      case 'read':
        return readFileOf(this.#work.root, ask.path, ask.limit);
      case 'list':
        return listDirectoryOf(this.#work.root, ask.path);
      case 'pack':
        return pack(this.#work.request.upper, ask.file);
    }
  }

  async #exec(id: number, { args, env = [], cwd, user, terminal, fed }: AskedExec, { stdin, stop }: Open): Promise<AskAnswers['exec']> {
    const work = join(this.#work.work, `exec${id}`);
    mkdirSync(work);
    const names = new Set(env.map(nameOf));
    const op: WorkerExec = {
      ...this.#op, args, env: [...this.#op.env.filter((entry) => !names.has(nameOf(entry))), ...env],
      ...(cwd === undefined ? {} : { cwd }), ...(user === undefined ? {} : { user }),
    };
    const signal = AbortSignal.any([this.#work.signal, stop.signal]);
    const number = this.#number;
    const show = (stream: 1 | 2, data: Buffer): void => this.#post({ kind: 'output', number, id, stream, data });
    const { exitCode } = await runProgram(op, { ...this.#work, work, signal }, show, { ...(fed ? { stdin } : {}), ...(terminal === true ? { terminal } : {}) });
    return { exitCode };
  }
}

const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));

function factsOf({ args, env, cwd, user, mounts = [] }: WorkerExec, exitCode: number): FailedProgram {
  return { args, env, cwd, user, exitCode, mounts: mounts.map(({ type, target }) => ({ type, target })) };
}

function pack(directory: string, file: string): AskAnswers['pack'] {
  const fd = openSync(file, 'wx', 0o600);
  try {
    return packLayer(directory, (chunk) => {
      for (let at = 0; at < chunk.length; ) at += writeSync(fd, chunk, at);
    });
  } finally {
    closeSync(fd);
  }
}
