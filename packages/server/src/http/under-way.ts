/** Counts requests that are under way, for whoever waits for their end. */
export class UnderWay {
  readonly #ended: (() => void)[] = [];
  #count = 0;

  begin(): void {
    this.#count += 1;
  }

  end(): void {
    this.#count -= 1;
    if (this.#count === 0) for (const resolve of this.#ended.splice(0)) resolve();
  }

  /** Resolves when none is, or with the signal. */
  async idle(signal: AbortSignal): Promise<void> {
    if (this.#count === 0 || signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#ended.push(resolve);
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
