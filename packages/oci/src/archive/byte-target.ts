import { OperatorError } from '@strake/api';
import { closeSync, openSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { attempt, besideDestination, destinationError } from './destination';

/** Where bytes go. Nothing is at the destination before `commit`; a stream has them as they come. */
export interface ByteTarget {
  write(chunk: Buffer): void | Promise<void>;
  commit(): void;
  abort(): void;
}

/** A file that is written under a temporary name in the destination's folder and renamed. Throws USAGE, PERMISSION, DISK_FULL. */
export function fileBytes(destination: string): ByteTarget {
  const temporary = besideDestination(destination);
  const fd = attempt(destination, () => {
    if (statSync(destination, { throwIfNoEntry: false })?.isDirectory() === true) throw Object.assign(new Error('a folder'), { code: 'EISDIR' });
    return openSync(temporary, 'wx', 0o666);
  });
  let open = true;
  const close = (): void => {
    if (open) closeSync(fd);
    open = false;
  };
  return {
    write: (chunk) => attempt(destination, () => {
      for (let done = 0; done < chunk.length; ) done += writeSync(fd, chunk, done);
    }),
    commit() {
      close();
      attempt(destination, () => renameSync(temporary, destination));
    },
    abort() {
      close();
      rmSync(temporary, { force: true });
    },
  };
}

/** A stream, written to no faster than it is read and not ended: standard output never is. A reader that goes away fails the next write, not the process. */
export function streamBytes(stream: Writable): ByteTarget {
  const output = new Output(stream);
  return { write: (chunk) => output.write(chunk), commit: () => output.release(), abort: () => output.release() };
}

/** Writes all of a source. After a failure nothing is at the destination. */
export async function writeAll(target: ByteTarget, source: AsyncIterable<Buffer>, destination: string): Promise<void> {
  try {
    for await (const chunk of source) await target.write(chunk);
    target.commit();
  } catch (error) {
    target.abort();
    throw destinationError(error, destination);
  }
}

class Output {
  readonly #stream: Writable;
  #gone: OperatorError | undefined;
  #wake: (() => void) | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', this.#onGone).on('close', this.#onGone).on('drain', this.#onDrain);
  }

  async write(chunk: Buffer): Promise<void> {
    if (this.#gone === undefined && !this.#stream.write(chunk)) await new Promise<void>((resolve) => (this.#wake = resolve));
    if (this.#gone !== undefined) throw this.#gone;
  }

  release(): void {
    // Its error may still come: it must have a listener.
    this.#stream.off('close', this.#onGone).off('drain', this.#onDrain);
  }

  readonly #onDrain = (): void => this.#wake?.();

  readonly #onGone = (cause?: unknown): void => {
    this.#gone ??= new OperatorError('USAGE', 'the output was closed before all was written', { cause });
    this.#wake?.();
  };
}
