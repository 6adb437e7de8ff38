import { OperatorError } from '@strake/api';
import type { Writable } from 'node:stream';
import type { LayoutTarget } from '../layout/layout-target';
import { tarTarget } from './tar-target';
import { TarWriter } from './tar-writer';

/** A layout as a tar that is written to a stream as it is made. The stream is not ended: standard output never is. */
export function tarStreamTarget(stream: Writable): LayoutTarget {
  const output = new Output(stream);
  const write = (chunk: Buffer): Promise<void> => output.write(chunk);
  return {
    ...tarTarget(write, 'the output'),
    abort: () => output.release(),
    commit: async () => {
      await new TarWriter(write).end();
      output.release();
    },
  };
}

/** A stream that is written to no faster than it is read. A reader that goes away fails the next write, not the process. */
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
