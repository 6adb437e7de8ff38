/** Chunks that one side gives and the other iterates, one at a time: giving waits for taking. */
export class ChunkQueue implements AsyncIterable<Buffer> {
  #next: { readonly bytes: Buffer; taken(): void } | undefined;
  #end: { readonly error?: unknown } | undefined;
  #wake: () => void = () => undefined;

  /** Resolves when the chunk was taken and the next one is asked for. */
  give(bytes: Buffer): Promise<void> {
    return new Promise((taken) => {
      this.#next = { bytes, taken };
      this.#wake();
    });
  }

  /** No more chunks come; with an error, because of that. */
  end(end: { readonly error?: unknown } = {}): void {
    this.#end = end;
    this.#wake();
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<Buffer, void, undefined> {
    for (;;) {
      const next = this.#next;
      if (next !== undefined) {
        yield next.bytes;
        this.#next = undefined;
        next.taken();
      } else if (this.#end !== undefined) {
        if ('error' in this.#end) throw this.#end.error;
        return;
      } else await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }
}
