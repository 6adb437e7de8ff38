import { InternalError, OperatorError, type Digest, type ExecOp, type SnapshotReference, type Vertex } from '@strake/api';
import type { LayerFile } from '../copy/layer-tar';
import type { EngineClient, EngineImage } from '../engine';
import type { Compose } from '../compose/compose-image';
import type { StepContainer } from '../run/step-container';
import { stepSpec, type StepSettings, type StepVolumes } from '../run/step-spec';
import { chainOf, stepOf, stepReference, type Trees } from '../snapshots/trees';
import type { Use, Uses } from '../snapshots/uses';
import { canGoOn, specFor } from './chain-rules';
import type { StepContainers } from './step-containers';
import type { Temporary } from './temporary';

/** What chains of steps are made with. */
export interface ChainParts {
  readonly client: EngineClient;
  readonly compose: Compose;
  readonly containers: StepContainers;
  readonly trees: Trees;
  readonly uses: Uses;
  readonly temporary: Temporary;
  readonly settings: StepSettings;
  readonly signal: AbortSignal;
}

/** Steps on their way to an image: they go on in one container as long as they can. */
export interface Chain {
  readonly container: StepContainer;
  /** The image that the container began with; null on nothing. */
  readonly base: EngineImage | null;
  /** How many steps the container holds. */
  readonly steps: number;
  /** Something was done in it, be it no step. */
  readonly changed?: true;
}

/** The containers of a build's steps: one goes on where the step before it ended, and becomes an image where somebody needs one. */
export class Chains {
  private readonly parts: ChainParts;
  private readonly open = new Map<Digest, Chain>();
  /** States that earlier builds made too. */
  private readonly madeBefore = new Set<Digest>();

  constructor(parts: ChainParts) {
    this.parts = parts;
  }

  /** Somebody has asked for a state that no image holds. */
  missed(reference: SnapshotReference): void {
    const vertex = stepOf(reference);
    if (vertex !== undefined) this.madeBefore.add(vertex);
  }

  /** The container that a step is done in. */
  async begin(vertex: Vertex, parent: SnapshotReference | null): Promise<Chain> {
    const running = parent === null ? undefined : this.take(parent);
    if (running !== undefined && canGoOn(vertex, running.container, this.parts.settings)) return running;
    const base = running === undefined ? (parent === null ? null : await this.parts.trees.need(parent)) : await this.turn(running);
    return { base, steps: 0, container: await this.parts.containers.open(base, specFor(vertex, this.parts)) };
  }

  /** The image of a state; null for nothing. */
  async settle(parent: SnapshotReference | null): Promise<EngineImage | null> {
    if (parent === null) return null;
    const running = this.take(parent);
    return running === undefined ? this.parts.trees.need(parent) : this.turn(running);
  }

  /** A container for one program alone, which sees volumes. */
  async beginAlone(op: ExecOp, base: EngineImage | null, volumes: StepVolumes): Promise<Chain> {
    return { base, steps: 0, container: await this.parts.containers.open(base, stepSpec(op, this.parts.settings, volumes)) };
  }

  /** The step of a container with volumes is done: another goes on without them, in which the places that were made for them are removed. */
  async leaveVolumes(op: ExecOp, chain: Chain, points: readonly string[]): Promise<Chain> {
    const { containers, settings, signal } = this.parts;
    const base = await this.keep({ ...chain, steps: chain.steps + 1 }, 'result');
    const container = await containers.open(base, stepSpec(op, settings));
    await (await container.start(signal)).remove(points, signal);
    return { container, base, steps: -1, changed: true };
  }

  /** A step is done: its state is an image where it is used as one. */
  async end(vertex: Vertex, chain: Chain): Promise<SnapshotReference> {
    const done = { ...chain, steps: chain.steps + 1 };
    const use = this.useOf(vertex);
    if (use === 'step') {
      this.open.set(vertex.digest, done);
      return stepReference(vertex.digest);
    }
    return this.parts.trees.see(await this.keep(done, use));
  }

  /** As `end`, of a step whose layer was made here and not in a container. */
  async endWithLayer(vertex: Vertex, { container, base }: Chain, highest: LayerFile): Promise<SnapshotReference> {
    const { compose, containers, trees, temporary } = this.parts;
    const layers = [...(base?.RootFS.Layers ?? []), highest.diffId];
    const architecture = await containers.architecture(base);
    const { made: image } = await compose({ config: { architecture, os: base?.Os ?? 'linux', created: new Date().toISOString(), config: { Labels: temporary.labels } }, history: [], layers, from: base, highest });
    temporary.dropContainer(container.id);
    temporary.addImage(image.Id, this.useOf(vertex) === 'shared');
    return trees.record(image, { below: base === null ? null : chainOf(base), steps: 1, created: image.Created });
  }

  /** The same tree in an image, and a container in which nothing was done yet. */
  async renew(vertex: Vertex, chain: Chain): Promise<Chain> {
    if (chain.steps === 0 && chain.changed !== true) return chain;
    const base = await this.keep(chain, 'result');
    return { base, steps: 0, container: await this.parts.containers.open(base, specFor(vertex, this.parts)) };
  }

  async abandon({ container }: Chain): Promise<void> {
    await this.parts.temporary.removeContainer(container.id);
  }

  /** Makes an image of a chain and ends its container. */
  private async keep({ container, base, steps }: Chain, use: Use): Promise<EngineImage> {
    const { client: { images }, trees, temporary, signal } = this.parts;
    const id = await container.commit(signal);
    temporary.dropContainer(container.id);
    const image = await images.inspect(id, signal);
    if (image === undefined) throw new OperatorError('ENGINE_FAILED', 'an image that was just made is not there any more');
    temporary.addImage(image.Id, use === 'shared');
    // A step that changes nothing makes no layer: the tree is the one before.
    if (base === null || chainOf(image) !== chainOf(base)) trees.record(image, { below: base === null ? null : chainOf(base), steps, created: image.Created });
    return image;
  }

  /** The next step needs another container: it goes on with an image. */
  private async turn(chain: Chain): Promise<EngineImage> {
    return chain.steps === 0 && chain.changed !== true && chain.base !== null ? chain.base : this.keep(chain, 'result');
  }

  private take(parent: SnapshotReference): Chain | undefined {
    const vertex = stepOf(parent);
    if (vertex === undefined) return undefined;
    const chain = this.open.get(vertex);
    if (chain === undefined) throw new InternalError(`the state ${vertex} is not there any more`);
    this.open.delete(vertex);
    return chain;
  }

  private useOf(vertex: Vertex): Use {
    const { uses } = this.parts;
    const use = uses.of(vertex);
    const next = uses.next(vertex);
    // What was made before, and the step after it was not: there the file is being changed, and there the next build will want to begin.
    const isEdge = next !== undefined && this.madeBefore.has(vertex.digest) && !this.madeBefore.has(next.digest);
    return isEdge ? 'shared' : use;
  }
}
