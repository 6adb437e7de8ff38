import type { Backend, BackendCapabilities, BackendSession, CopyInput, CopyOp, Image, RestoredLayer, Selection, SessionOptions, SnapshotReference, StepImages, Vertex } from '@strake/api';
import { InternalError } from '@strake/api';
import { drySteps } from './dry-steps';

const PLANNED = 'planned:';

/** What the dry run saw of each vertex that copies: what each copy op takes, or undefined where only building could tell. */
export type Takings = ReadonlyMap<CopyOp, Selection | undefined>;

/** A backend that answers every question as another one would, but makes nothing. */
export interface Simulator extends Backend {
  readonly takings: Takings;
}

/**
 * The dry run. Images, contexts, cached snapshots: all are looked up in `backend`, so that the solver decides as in a
 * real build; only `apply` does nothing and answers a planned snapshot, of whose files nothing can be known.
 */
export function createSimulator(backend: Backend): Simulator {
  const takings = new Map<CopyOp, Selection | undefined>();
  return {
    name: 'simulator',
    capabilities: simulated(backend.capabilities),
    takings,
    resolveImage: (reference, platform) => backend.resolveImage(reference, platform),
    ...(backend.images === undefined ? {} : { images: backend.images }),
    ...(backend.check === undefined ? {} : { check: backend.check.bind(backend) }),
    open: async (options: SessionOptions) => new SimulatedSession(await backend.open({ ...options, readonly: true }), takings),
  };
}

/** All that the other backend can do, and programs of every platform. */
function simulated({ ops, networks, mounts = new Set(), insecure = false, devices = false, limits = new Set(), limitsHint, squash = false, restores = false }: BackendCapabilities): BackendCapabilities {
  return { ops, networks, mounts, insecure, devices, limits, squash, restores, ...(limitsHint === undefined ? {} : { limitsHint }), canRun: () => true };
}

class SimulatedSession implements BackendSession {
  readonly #session: BackendSession;
  readonly #takings: Map<CopyOp, Selection | undefined>;

  readonly steps?: StepImages;

  constructor(session: BackendSession, takings: Map<CopyOp, Selection | undefined>) {
    if (session.steps !== undefined) this.steps = drySteps(session.steps);
    this.#session = session;
    this.#takings = takings;
  }

  sourceDigest: BackendSession['sourceDigest'] = (op, options) => this.#session.sourceDigest(op, options);

  /** An image's tree is only unpacked where a real session has to read it. */
  source: BackendSession['source'] = (op, options) => this.#session.source(op, options);

  async select(op: CopyOp, input: CopyInput): Promise<Selection | undefined> {
    const selection = isPlanned(input) ? undefined : await this.#session.select(op, input);
    this.#takings.set(op, selection);
    return selection;
  }

  async apply(vertex: Vertex): Promise<SnapshotReference> {
    return { id: `${PLANNED}${vertex.digest}` };
  }

  async has(snapshot: SnapshotReference): Promise<boolean> {
    return snapshot.id.startsWith(PLANNED) || this.#session.has(snapshot);
  }

  async restore(layers: readonly RestoredLayer[]): Promise<SnapshotReference | undefined> {
    return this.#session.restore?.(layers);
  }

  image(): Promise<Image> {
    throw new InternalError('a dry run makes no image');
  }

  close(): Promise<void> {
    return this.#session.close();
  }
}

const isPlanned = (input: CopyInput): boolean => input.kind === 'snapshot' && input.snapshot.id.startsWith(PLANNED);
