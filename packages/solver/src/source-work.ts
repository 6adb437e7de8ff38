import type { ApplyOptions, Vertex } from '@strake/api';
import { StrakeError } from '@strake/api';
import type { SolveOptions } from './solve';

/** Asking and bringing what a source vertex names: an error is at the instruction that names it, and what takes time is shown. */
export class SourceWork {
  readonly #vertex: Vertex;
  readonly #options: SolveOptions;

  constructor(vertex: Vertex, options: SolveOptions) {
    this.#vertex = vertex;
    this.#options = options;
  }

  /** Runs a piece of it. Nothing is told of what shows no progress: it was there. */
  async run<T>(work: (options: ApplyOptions) => Promise<T>): Promise<T> {
    const { digest: vertex, note } = this.#vertex;
    const { emit, signal } = this.#options;
    let begun: number | undefined;
    const start = (): void => {
      if (begun !== undefined) return;
      begun = performance.now();
      emit({ type: 'started', at: Date.now(), vertex, note });
    };
    const done = (error?: unknown): void => {
      if (begun === undefined) return;
      emit({ type: 'done', at: Date.now(), vertex, note, milliseconds: performance.now() - begun, ...(error instanceof Error ? { error: error.message } : {}) });
    };
    try {
      const result = await work({
        signal,
        log: (stream, data) => {
          start();
          emit({ type: 'log', at: Date.now(), vertex, stream, data });
        },
        progress: (label, current, total) => {
          start();
          emit({ type: 'progress', at: Date.now(), vertex, progress: { label, current, ...(total === undefined ? {} : { total }) } });
        },
      });
      done();
      return result;
    } catch (error) {
      done(error);
      if (error instanceof StrakeError) error.range ??= note.range;
      throw error;
    }
  }
}
