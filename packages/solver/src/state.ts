import type { CopyInput, Digest, SnapshotReference } from '@strake/api';

/** What is known of a vertex once its key is settled. */
export interface State {
  /** Stands for it in the keys of its users; undefined for a build context, whose files are keyed one by one. */
  readonly identity: Digest | undefined;
  /** The tree itself. An image is only unpacked when somebody asks. */
  input(): Promise<CopyInput>;
}

export function contextState(name: string): State {
  return { identity: undefined, input: async () => ({ kind: 'context', name }) };
}

export function snapshotState(identity: Digest, snapshot: SnapshotReference): State {
  return { identity, input: async () => ({ kind: 'snapshot', snapshot }) };
}

/** A state whose snapshot is made once, at the first question. */
export function lazyState(identity: Digest, make: () => Promise<SnapshotReference>): State {
  let made: Promise<CopyInput> | undefined;
  return { identity, input: () => (made ??= make().then((snapshot) => ({ kind: 'snapshot', snapshot }))) };
}

/** The snapshot of a state that is one. */
export async function snapshotOf(state: State): Promise<SnapshotReference> {
  const input = await state.input();
  if (input.kind !== 'snapshot') throw new TypeError('a build context is no state to build on');
  return input.snapshot;
}
