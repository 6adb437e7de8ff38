import { mkdirSync, rmSync } from 'node:fs';
import type { MessagePort } from 'node:worker_threads';
import { CancelledError } from '@strake/api';
import { imageSums, selectFiles } from '@strake/context';
import { mergeDifferences, packLayer } from '@strake/oci';
import { StoppedProgram } from '../failed/stopped-program';
import { closeRuntimes } from '../ops/run-program';
import { applyOps, type Following } from '../ops/apply-ops';
import { archiveTree } from './archive-tree';
import { recordError } from './error-record';
import { hasMount } from './has-mount';
import { mountReadonly } from './mount-snapshot';
import type { FromWorker, SelectRequest, SquashRequest, ToWorker, WorkerAnswers, WorkerRequest } from './protocol';
import type { Selection } from '@strake/api';
import { unpackStored } from './unpack-stored';

/** Answers requests until the thread ends. Several can be under way: a program that runs leaves the thread to others. */
export function serve(port: MessagePort): void {
  const running = new Map<number, AbortController>();
  const stopped = new Map<number, StoppedProgram>();
  const waiting = new Map<number, { more(): void; stop(error: unknown): void }>();
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'abort') {
      running.get(message.number)?.abort();
      waiting.get(message.number)?.stop(new CancelledError());
      return;
    }
    if (message.kind === 'more') {
      waiting.get(message.number)?.more();
      return;
    }
    if (message.kind === 'retire' || message.kind === 'close') {
      closeRuntimes();
      if (message.kind === 'close') port.close();
      else port.postMessage({ kind: 'retired', clean: !hasMount(message.prefix) } satisfies FromWorker);
      return;
    }
    if (message.kind !== 'request') {
      tell(stopped.get(message.number), message);
      return;
    }
    const { number, request, cancel } = message;
    const abort = new AbortController();
    running.set(number, abort);
    const post = (answer: FromWorker): void => port.postMessage(answer);
    const following: Following = {
      signal: abort.signal,
      check: () => {
        if (Atomics.load(cancel, 0) !== 0) throw new CancelledError();
      },
      log: (stream, data) => post({ kind: 'log', number, stream, data }),
      warn: (warning) => post({ kind: 'warning', number, warning }),
      stop: async (op, work, exitCode) => {
        if (request.type !== 'apply' || request.stops !== true) return;
        const program = new StoppedProgram(op, work, number, post);
        stopped.set(number, program);
        await program.wait(exitCode).finally(() => stopped.delete(number));
      },
      progress: everySoOften((current, total) => post({ kind: 'progress', number, current, total })),
    };
    const send = (bytes: Uint8Array): Promise<void> =>
      new Promise((resolve, reject) => {
        if (abort.signal.aborted) reject(new CancelledError());
        waiting.set(number, { more: resolve, stop: reject });
        post({ kind: 'chunk', number, bytes });
      });
    void answer(request, following, send)
      .then((result) => post({ kind: 'done', number, answer: result }), (error: unknown) => post({ kind: 'failed', number, error: recordError(error) }))
      .finally(() => {
        running.delete(number);
        waiting.delete(number);
      });
  });
}

/** Passes on what is wanted of a program that failed; one that is no longer looked at hears nothing. */
function tell(program: StoppedProgram | undefined, message: Extract<ToWorker, { kind: 'ask' | 'feed' | 'drop' | 'resume' }>): void {
  switch (message.kind) {
    case 'ask':
      return program?.ask(message.id, message.ask);
    case 'feed':
      return program?.feed(message.id, message.data);
    case 'drop':
      return program?.drop(message.id);
    case 'resume':
      return program?.resume();
  }
}

/** Milliseconds between two reports; what ends sooner has none. */
const PAUSE = 250;

function everySoOften(report: Following['progress']): Following['progress'] {
  let last = performance.now();
  return (current, total) => {
    if (performance.now() - last < PAUSE) return;
    last = performance.now();
    report(current, total);
  };
}

async function answer(request: WorkerRequest, following: Following, send: (bytes: Uint8Array) => Promise<void>): Promise<WorkerAnswers[WorkerRequest['type']]> {
  switch (request.type) {
    case 'apply':
      return applyOps(request, following);
    case 'select':
      return select(request);
    case 'sums':
      return inTree(request, (root) => imageSums(root, request.op));
    case 'pack':
      return packLayer(request.directory, () => undefined, { epoch: request.epoch });
    case 'squash':
      return squash(request);
    case 'archive':
      return archiveTree(request, send);
    case 'unpack':
      return unpackStored(request, following);
  }
}

function select({ op, ...where }: SelectRequest): Selection {
  return inTree(where, (root) => selectFiles(root, op, { keepOwner: op.chown === undefined }).selection);
}

/** Looks into snapshots. */
function inTree<T>({ chain, work }: Pick<SelectRequest, 'chain' | 'work'>, look: (root: string) => T): T {
  mkdirSync(work);
  const tree = mountReadonly(chain, work);
  try {
    return look(tree.root);
  } finally {
    tree.release();
    rmSync(work, { recursive: true, force: true });
  }
}

function squash({ sources, base, work, directory }: SquashRequest): null {
  mkdirSync(work);
  const tree = mountReadonly(base, work);
  try {
    mergeDifferences(sources, directory, base.ids.length === 0 ? undefined : tree.root);
    return null;
  } finally {
    tree.release();
    rmSync(work, { recursive: true, force: true });
  }
}
