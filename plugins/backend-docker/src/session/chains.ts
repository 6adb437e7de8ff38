import { InternalError, OperatorError, type Digest, type ExecOp, type MkdirOp, type Op, type SnapshotReference, type Vertex } from '@strake/api';
import type { LayerFile } from '../copy/layer-tar';
import type { EngineClient, EngineImage } from '../engine';
import type { Compose } from '../compose/compose-image';
import { hasInit } from '../run/init-archive';
import { StepContainer } from '../run/step-container';
import { stepSpec, type StepSettings, type StepSpec, type StepVolumes } from '../run/step-spec';
import { chainOf, stepOf, stepReference, type Trees } from '../snapshots/trees';
import type { Use, Uses } from '../snapshots/uses';
import type { Temporary } from './temporary';

/** What chains of steps are made with. */
export interface ChainParts {
  readonly client: EngineClient;
  readonly compose: Compose;
  readonly trees: Trees;
  readonly uses: Uses;
  readonly temporary: Temporary;
  readonly settings: StepSettings;
  readonly scratch: string;
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
    if (running !== undefined && this.fits(vertex, running)) return running;
    const base = running === undefined ? (parent === null ? null : await this.parts.trees.need(parent)) : await this.turn(running);
    return { base, steps: 0, container: await this.container(base, this.specFor(vertex)) };
  }

  /** The image of a state; null for nothing. */
  async settle(parent: SnapshotReference | null): Promise<EngineImage | null> {
    if (parent === null) return null;
    const running = this.take(parent);
    return running === undefined ? this.parts.trees.need(parent) : this.turn(running);
  }

  /** A container for one program alone, which sees volumes. */
  async beginAlone(op: ExecOp, base: EngineImage | null, volumes: StepVolumes): Promise<Chain> {
    return { base, steps: 0, container: await this.container(base, stepSpec(op, this.parts.settings, volumes)) };
  }

  /** The step of a container with volumes is done: another goes on without them, in which the places that were made for them are removed. */
  async leaveVolumes(op: ExecOp, chain: Chain, points: readonly string[]): Promise<Chain> {
    const { settings, signal } = this.parts;
    const base = await this.keep({ ...chain, steps: chain.steps + 1 }, 'result');
    const container = await this.container(base, stepSpec(op, settings));
    await (await container.start(signal)).remove(points, signal);
    return { container, base, steps: -1, changed: true };
  }

  /** A container of the engine that has nothing in it but volumes, and is never started. */
  async forVolumes(volumes: readonly object[]): Promise<string> {
    const { client, temporary, signal } = this.parts;
    const Image = await this.bare(null, await this.architecture());
    const id = await client.containers.create({ Image, Entrypoint: ['/'], Cmd: [], Labels: temporary.labels, HostConfig: { NetworkMode: 'none', Mounts: volumes } }, { signal });
    temporary.addContainer(id);
    return id;
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
    const { compose, trees, temporary } = this.parts;
    const layers = [...(base?.RootFS.Layers ?? []), highest.diffId];
    const architecture = base?.Architecture ?? (await this.architecture());
    const { made: image } = await compose({ config: { architecture, os: base?.Os ?? 'linux', created: new Date().toISOString(), config: { Labels: temporary.labels } }, history: [], layers, from: base, highest });
    temporary.dropContainer(container.id);
    temporary.addImage(image.Id, this.useOf(vertex) === 'shared');
    return trees.record(image, { below: base === null ? null : chainOf(base), steps: 1, created: image.Created });
  }

  /** The same tree in an image, and a container in which nothing was done yet. */
  async renew(vertex: Vertex, chain: Chain): Promise<Chain> {
    if (chain.steps === 0 && chain.changed !== true) return chain;
    const base = await this.keep(chain, 'result');
    return { base, steps: 0, container: await this.container(base, this.specFor(vertex)) };
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

  /** Whether a step can be done where the one before it was. */
  private fits(vertex: Vertex, { container }: Chain): boolean {
    const { spec } = container;
    if (spec.hasMounts) return false;
    const exec = execOf(vertex);
    if (container.wasStarted && !vertex.ops.every((op) => op.type === 'exec' || isPlainMkdir(op))) return false;
    return exec === undefined || stepSpec(exec, this.parts.settings).key === spec.key;
  }

  /** A container for files is made for the program that will follow in it. */
  private specFor(vertex: Vertex): StepSpec {
    const { settings, uses } = this.parts;
    let at: Vertex | undefined = vertex;
    while (at !== undefined && execOf(at) === undefined && uses.of(at) === 'step') at = uses.next(at);
    return stepSpec(at === undefined ? undefined : execOf(at), settings);
  }

  private useOf(vertex: Vertex): Use {
    const { uses } = this.parts;
    const use = uses.of(vertex);
    const next = uses.next(vertex);
    // What was made before, and the step after it was not: there the file is being changed, and there the next build will want to begin.
    const isEdge = next !== undefined && this.madeBefore.has(vertex.digest) && !this.madeBefore.has(next.digest);
    return isEdge ? 'shared' : use;
  }

  private async container(base: EngineImage | null, spec: StepSpec): Promise<StepContainer> {
    const { client, temporary, scratch, signal } = this.parts;
    const architecture = base?.Architecture ?? (await this.architecture());
    if (!hasInit(architecture)) throw new OperatorError('UNSUPPORTED', `steps for ${architecture} cannot share a container`, { hint: 'With --cache classic the engine itself builds them.' });
    const image = await this.bare(base, architecture);
    const container = await StepContainer.open({ client, image, architecture, spec, labels: temporary.labels, scratch, isEmpty: base === null, signal });
    temporary.addContainer(container.id);
    return container;
  }

  /** An image without volumes, which would take what is written into them: the same layers, no config. */
  private async bare(base: EngineImage | null, architecture: string): Promise<string> {
    const { compose, temporary } = this.parts;
    if (base !== null && Object.keys((base.Config?.['Volumes'] as object | null) ?? {}).length === 0) return base.Id;
    const { made: { Id } } = await compose({ config: { architecture, os: base?.Os ?? 'linux', config: { Labels: temporary.labels } }, history: [], layers: base?.RootFS.Layers ?? [], from: base });
    temporary.addImage(Id, false);
    return Id;
  }

  private async architecture(): Promise<string> {
    const { Architecture } = await this.parts.client.info();
    return { x86_64: 'amd64', aarch64: 'arm64' }[Architecture] ?? Architecture;
  }
}

/** A directory that no file of accounts has to be read for. */
const isPlainMkdir = (op: Op): op is MkdirOp => op.type === 'mkdir' && (op.owner === undefined || /^\d+:\d+$/.test(op.owner));

export const execOf = ({ ops }: Vertex): ExecOp | undefined => ops.find((op) => op.type === 'exec');
