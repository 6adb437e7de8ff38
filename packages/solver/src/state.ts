import type { CopyInput, Digest, SnapshotReference, VertexNote } from '@strake/api';

/** The step because of which others are made. */
export interface ChangedStep {
  readonly digest: Digest;
  readonly note: VertexNote;
}

/** What is known of a vertex once its key is settled. */
export interface State {
  /** Stands for it in the keys of its users; undefined for a build context, whose files are keyed one by one. */
  readonly identity: Digest | undefined;
  /** What it is called where it is an image or another source: to explain a miss. */
  readonly name?: string | undefined;
  /** Set where it is made in this build: the step that changed first. */
  readonly changed?: ChangedStep;
  /** In a dry run: whether it is made, and so what it is, depends on what another step makes. */
  readonly uncertain?: true;
  /** In a dry run: its tree may be needed. */
  mayBeNeeded?(): void;
  /** The tree itself. An image is only unpacked when somebody asks. */
  input(): Promise<CopyInput>;
  /** The tree for somebody who reads it, where the bytes of `input` may be elsewhere. */
  tree?(): Promise<CopyInput>;
}

/** The tree of a state, to be read. */
export async function treeOf(state: State): Promise<CopyInput> {
  return state.tree === undefined ? state.input() : state.tree();
}

export function contextState(name: string): State {
  return { identity: undefined, input: async () => ({ kind: 'context', name }) };
}

/** A state whose snapshot is there; `more` says how it came about, where it was made. */
export function snapshotState(identity: Digest, snapshot: SnapshotReference, more: Pick<State, 'changed' | 'uncertain'> = {}): State {
  return { identity, ...more, input: async () => ({ kind: 'snapshot', snapshot }) };
}

/** A state whose snapshot is made once, at the first question. */
export function lazyState(identity: Digest, name: string, make: () => Promise<SnapshotReference>): State {
  let made: Promise<CopyInput> | undefined;
  return { identity, name, input: () => (made ??= make().then((snapshot) => ({ kind: 'snapshot', snapshot }))) };
}

/** The snapshot of a state that is one. */
export async function snapshotOf(state: State): Promise<SnapshotReference> {
  return snapshotIn(await state.input());
}

/** The snapshot of a state that is one, to be built on. */
export async function snapshotTreeOf(state: State): Promise<SnapshotReference> {
  return snapshotIn(await treeOf(state));
}

function snapshotIn(input: CopyInput): SnapshotReference {
  if (input.kind !== 'snapshot') throw new TypeError('a build context is no state to build on');
  return input.snapshot;
}
