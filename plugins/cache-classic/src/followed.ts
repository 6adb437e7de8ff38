import type { ApplyOptions, StepOptions, Vertex } from '@strake/api';

type Options = Pick<StepOptions, 'signal' | 'emit'>;

/** Tells of a vertex while it is applied; `reason` says why it was not found, where it was looked for. */
export async function followed<T>({ digest: vertex, note }: Vertex, reason: string | undefined, { signal, emit }: Options, work: (options: ApplyOptions) => Promise<T>): Promise<T> {
  const begun = performance.now();
  if (reason !== undefined) emit({ type: 'missed', at: Date.now(), vertex, note, reason });
  emit({ type: 'started', at: Date.now(), vertex, note });
  const done = (error?: unknown): void => emit({ type: 'done', at: Date.now(), vertex, note, milliseconds: performance.now() - begun, ...(error instanceof Error ? { error: error.message } : {}) });
  try {
    const result = await work({
      signal,
      log: (stream, data) => emit({ type: 'log', at: Date.now(), vertex, stream, data }),
      progress: (label, current, total) => emit({ type: 'progress', at: Date.now(), vertex, progress: { label, current, ...(total === undefined ? {} : { total }) } }),
      warn: (warning) => emit({ type: 'warning', at: Date.now(), diagnostic: { severity: 'warning', ...warning, ...(note.range === undefined ? {} : { range: note.range }) } }),
    });
    done();
    return result;
  } catch (error) {
    done(error);
    throw error;
  }
}
