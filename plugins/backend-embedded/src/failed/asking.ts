import { CancelledError, OperatorError } from '@strake/api';
import { reviveError } from '../worker/error-record';
import type { Ask, AskAnswers, FromWorker, ToWorker } from '../worker/protocol';

/** How something that is asked is followed. */
export interface AskOptions {
  readonly signal?: AbortSignal;
  readonly stdin?: AsyncIterable<Uint8Array>;
  output?(stream: 1 | 2, data: Buffer): void;
}

interface Asked {
  readonly options: AskOptions;
  readonly resolve: (answer: unknown) => void;
  readonly reject: (error: unknown) => void;
}

type WithoutNumber<T> = T extends { readonly number: number } ? Omit<T, 'number'> : never;
type Message = WithoutNumber<Extract<ToWorker, { readonly kind: 'ask' | 'feed' | 'drop' }>>;

/** Asks a thread for what a failed program left, until it is told that there is nothing more. */
export class Asking {
  readonly #post: (message: Message) => void;
  readonly #asked = new Map<number, Asked>();
  #count = 0;
  #ended = false;

  constructor(post: (message: Message) => void) {
    this.#post = post;
  }

  async ask<T extends Ask>(ask: T, options: AskOptions = {}): Promise<AskAnswers[T['type']]> {
    if (this.#ended) throw new OperatorError('USAGE', 'what the failed step left is gone: its handler has returned');
    if (options.signal?.aborted === true) throw new CancelledError();
    const id = (this.#count += 1);
    const drop = (): void => this.#post({ kind: 'drop', id });
    options.signal?.addEventListener('abort', drop, { once: true });
    try {
      const answer = new Promise((resolve, reject) => this.#asked.set(id, { options, resolve, reject }));
      this.#post({ kind: 'ask', id, ask });
      if (options.stdin !== undefined) void this.#feed(id, options.stdin);
      return (await answer) as AskAnswers[T['type']];
    } finally {
      this.#asked.delete(id);
      options.signal?.removeEventListener('abort', drop);
    }
  }

  receive(message: Extract<FromWorker, { readonly kind: 'output' | 'answer' | 'refused' }>): void {
    const asked = this.#asked.get(message.id);
    if (message.kind === 'output') asked?.options.output?.(message.stream, Buffer.from(message.data));
    else if (message.kind === 'answer') asked?.resolve(message.answer);
    else asked?.reject(reviveError(message.error));
  }

  /** Nothing more is answered. */
  end(): void {
    this.#ended = true;
    for (const { reject } of this.#asked.values()) reject(new CancelledError());
  }

  /** A source that fails ends the input: the program decides what that means. */
  async #feed(id: number, stdin: AsyncIterable<Uint8Array>): Promise<void> {
    try {
      for await (const data of stdin) {
        if (!this.#asked.has(id)) return;
        this.#post({ kind: 'feed', id, data });
      }
    } catch {
      // Whoever gave the source knows of its failure.
    }
    if (this.#asked.has(id)) this.#post({ kind: 'feed', id, data: null });
  }
}
