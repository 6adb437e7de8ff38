import type { ApplyOptions, CopyInput, SnapshotReference, StepMiss, Vertex } from '@strake/api';
import { attempt } from './attempt';
import type { SolveOptions } from './solve';

/** What a vertex is applied on, and why it is. */
export interface Application {
  readonly parent: SnapshotReference | null;
  readonly inputs: readonly CopyInput[];
  readonly miss: StepMiss;
}

/** Has the backend apply a vertex, and tells what happens meanwhile. Throws what the backend throws. */
export async function applyVertex(vertex: Vertex, { parent, inputs, miss }: Application, options: SolveOptions): Promise<SnapshotReference> {
  const { emit, session, signal } = options;
  const about = { vertex: vertex.digest, note: vertex.note };
  signal.throwIfAborted();
  emit({ type: 'missed', at: Date.now(), ...about, reason: miss.reason, miss });
  emit({ type: 'started', at: Date.now(), ...about });
  const begun = performance.now();
  const done = (error?: unknown): void => {
    const milliseconds = performance.now() - begun;
    emit({ type: 'done', at: Date.now(), ...about, milliseconds, ...(error === undefined ? {} : { error: messageOf(error) }) });
  };
  try {
    const snapshot = await attempt(vertex, told(vertex, options), (apply) => session.apply(vertex, parent, inputs, apply));
    done();
    return snapshot;
  } catch (error) {
    done(error);
    throw error;
  }
}

/** What the backend says while it works, as events. */
function told(applied: Vertex, { emit, signal, failed }: SolveOptions): ApplyOptions {
  const { digest: vertex, note } = applied;
  return {
    signal,
    warn: (warning) => emit({ type: 'warning', at: Date.now(), diagnostic: { ...warning, severity: 'warning', ...(note.range === undefined ? {} : { range: note.range }) } }),
    ...(failed === undefined ? {} : { failed: async (state) => (signal.aborted ? undefined : failed(applied, state, signal)) }),
    log: (stream, data) => emit({ type: 'log', at: Date.now(), vertex, stream, data }),
    progress: (label, current, total) =>
      emit({ type: 'progress', at: Date.now(), vertex, progress: { label, current, ...(total === undefined ? {} : { total }) } }),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
