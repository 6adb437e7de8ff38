import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { InternalError, OperatorError, type ApplyOptions, type ArchiveOptions, type BackendSession, type BindMount, type CacheMount, type CopyInput, type CopyOp, type Digest, type ExecOp, type GraphResult, type Image, type ImageOptions, type MkdirOp, type Op, type Selection, type SessionOptions, type SnapshotReference, type SourceOp, type StepImages, type Vertex } from '@strake/api';
import type { Store } from '@strake/oci';
import { mountRead } from '@strake/solver';
import { applyCopy, type CopySource } from '../copy/apply-copy';
import { applyMerge } from '../copy/apply-merge';
import { applyMkdir, applyMkfile } from '../copy/make-entries';
import { planLayer } from '../copy/plan-layer';
import { TargetFiles } from '../copy/target-files';
import type { Compose } from '../compose/compose-image';
import { composerFor } from '../compose/composer-for';
import type { EngineClient } from '../engine';
import { bringImage, makeResult } from '../image/make-result';
import { needsOwnContainer, prepareMounts, type MountParts, type PreparedMounts } from '../mounts/exec-mounts';
import { Volumes } from '../mounts/volumes';
import { runExec } from '../run/run-exec';
import type { StepContainer } from '../run/step-container';
import type { StepSettings } from '../run/step-spec';
import { EngineSteps } from '../steps/engine-steps';
import { openStepImage } from '../steps/open-step-image';
import { chainOf, Trees } from '../snapshots/trees';
import { Uses } from '../snapshots/uses';
import { layeredTree } from '../tree/layered-tree';
import { treeArchive } from '../tree/tree-archive';
import { Chains, type Chain } from './chains';
import { CopySources } from './copy-sources';
import { SourceFiles } from './source-files';
import { Temporary } from './temporary';

/** What a session works with. */
export interface SessionParts {
  readonly client: EngineClient;
  /** What was left by others is being removed; never rejects. */
  readonly reclaiming: Promise<void>;
  readonly store: Store;
  readonly options: SessionOptions;
  /** The folder of the records that are about this engine. */
  readonly records: string;
  readonly settings: Omit<StepSettings, 'extraHosts' | 'limits'>;
}

/** One build in an engine. Nothing is made before a step needs it. */
export class DockerSession implements BackendSession {
  readonly steps: StepImages;
  private readonly parts: SessionParts;
  private readonly scratch = mkdtempSync(join(tmpdir(), 'strake-docker-'));
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private readonly temporary: Temporary;
  private readonly trees: Trees;
  private readonly uses: Uses;
  private readonly sources: SourceFiles;
  private readonly copies: CopySources;
  private readonly chains: Chains;
  private readonly mounts: MountParts;
  private readonly looked = new Map<string, Promise<TargetFiles>>();
  private readonly running = new Set<Promise<unknown>>();
  private composing: Promise<Compose> | undefined;

  constructor(parts: SessionParts) {
    this.parts = parts;
    const { client, store, options, records, settings } = parts;
    if (options.graph === undefined) throw new InternalError('a session of this backend needs the graph');
    this.signal = AbortSignal.any([options.signal, this.ending.signal]);
    this.temporary = new Temporary(client, randomBytes(8).toString('hex'));
    this.trees = new Trees(client.images, store, records, (image) => this.temporary.adopt(image));
    this.uses = new Uses(options.graph);
    const { scratch, signal, temporary, trees, uses } = this;
    this.sources = new SourceFiles({ options, scratch, cache: join(store.root, 'cache', 'providers') });
    this.copies = new CopySources({ client, options, trees, sources: this.sources, scratch, signal, look: (image) => this.look(image) });
    const { extraHosts, limits } = options;
    this.steps = new EngineSteps({
      client, options, settings,
      see: (image) => trees.see(image),
      open: ({ id }, how) => openStepImage(id, how, { client, store, signal }),
    });
    this.chains = new Chains({ client, compose: async (image) => (await this.composer())(image), trees, uses, temporary, scratch, signal, settings: { ...settings, extraHosts, ...(limits === undefined ? {} : { limits }) } });
    const volumes = new Volumes({ client, temporary, scratch, signal, forVolumes: (mounts) => this.chains.forVolumes(mounts) });
    this.mounts = { store, records, secrets: options.secrets, ssh: options.ssh, volumes, take: (mount, input) => this.taken(mount, input) };
  }

  async sourceDigest(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    return op.scheme === 'image' ? chainOf(await this.baseOf(op)) : this.sources.identity(op, options);
  }

  async source(op: SourceOp): Promise<SnapshotReference> {
    return op.scheme === 'image' ? this.trees.see(await this.baseOf(op)) : this.copies.refer(op);
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection> {
    return this.copies.select(op, input);
  }

  async has(snapshot: SnapshotReference): Promise<boolean> {
    if ((await this.trees.find(snapshot)) !== undefined) return true;
    this.chains.missed(snapshot);
    return false;
  }

  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const work = this.applyVertex(vertex, parent, inputs, { ...options, signal: AbortSignal.any([options.signal, this.signal]) });
    const settled = work.catch(() => undefined).finally(() => this.running.delete(settled));
    this.running.add(settled);
    return work;
  }

  async image(result: GraphResult, root: SnapshotReference | null, options: ImageOptions = {}): Promise<Image> {
    const { client, store } = this.parts;
    return makeResult(result, root, options, { client, compose: await this.composer(), store, trees: this.trees, uses: this.uses, scratch: this.scratch, keep: (id) => this.temporary.addImage(id, true), signal: this.signal });
  }

  /** Of the layers: in a container an engine hides some files of an image. */
  async *archive(root: SnapshotReference | null, options: ArchiveOptions): AsyncGenerator<Buffer, void, undefined> {
    const { client, store } = this.parts;
    const image = root === null ? undefined : await this.trees.need(root);
    const { layers } = image?.RootFS.Layers?.length ? await bringImage(image.Id, client, store, this.signal) : { layers: [] };
    const tree = await layeredTree(layers, join(this.scratch, `archive-${randomBytes(6).toString('hex')}`));
    try {
      yield* treeArchive(tree, options);
    } finally {
      tree.close();
    }
  }

  async close(): Promise<void> {
    this.ending.abort();
    await Promise.all(this.running);
    await this.parts.reclaiming;
    try {
      await this.temporary.close();
    } finally {
      await this.copies.close();
      rmSync(this.scratch, { recursive: true, force: true });
    }
  }

  /** Nothing has run when this throws UNSUPPORTED. */
  private composer(): Promise<Compose> {
    const { client, store, records } = this.parts;
    return (this.composing ??= composerFor({ client, store, records, labels: this.temporary.labels, signal: this.signal }));
  }

  private async applyVertex(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    await this.composer();
    const [op] = vertex.ops;
    if (op?.type === 'exec' && needsOwnContainer(op.mounts ?? [])) return this.applyAlone(op, vertex, parent, inputs, options);
    const chain = await this.chains.begin(vertex, parent);
    try {
      if (op?.type === 'copy' && vertex.ops.length === 1) return await this.applyCopyAlone(op, vertex, chain, inputs, options);
      for (const op of vertex.ops) await this.applyOp(op, chain, vertex, inputs, options);
      return await this.chains.end(vertex, chain);
    } catch (error) {
      await this.chains.abandon(chain).catch(() => undefined);
      throw error;
    }
  }

  /** Many files are a layer sooner than they are in a container, of which a layer is made afterwards. */
  private async applyCopyAlone(op: CopyOp, vertex: Vertex, chain: Chain, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const source = await this.copies.take(op, inputOf(op, inputs));
    const plan = await planLayer(op, source, chain.container.target, options);
    if (plan === undefined) {
      await applyCopy(op, source, chain.container.target, options);
      return this.chains.end(vertex, chain);
    }
    const renewed = await this.chains.renew(vertex, chain);
    const layer = plan.write(join(this.scratch, `layer-${randomBytes(6).toString('hex')}`));
    try {
      return await this.chains.endWithLayer(vertex, renewed, layer);
    } finally {
      rmSync(layer.path, { force: true });
    }
  }

  private async applyOp(op: Op, chain: Chain, vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    const { target } = chain.container;
    switch (op.type) {
      case 'exec':
        return this.exec(op, chain, vertex, inputs, options);
      case 'copy':
        return applyCopy(op, await this.copies.take(op, inputOf(op, inputs)), target, options);
      case 'mkdir':
        return chain.container.wasStarted ? makeDirectory(op, chain.container, options) : applyMkdir(op, target, options);
      case 'mkfile':
        return applyMkfile(op, target, options);
      case 'merge':
        for (const number of op.inputs) await this.merge(inputOf({ input: number }, inputs), chain, options);
        return;
      default:
        throw new InternalError(`the op ${op.type} cannot be applied by this backend`);
    }
  }

  /** A program without mounts, or with secrets alone. */
  private async exec(op: ExecOp, { container }: Chain, vertex: Vertex, inputs: readonly CopyInput[], options: ApplyOptions): Promise<void> {
    const mounts = await prepareMounts(op, inputs, (op.mounts ?? []).length === 0 ? undefined : container.target.files, this.mounts, options);
    await this.runWith(mounts, op, container, vertex, options);
  }

  /** A program with mounts: they are those of its container, which is for nothing else. */
  private async applyAlone(op: ExecOp, vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const base = await this.chains.settle(parent);
    const mounts = await prepareMounts(op, inputs, base === null ? undefined : await this.filesOf(base.Id), this.mounts, options);
    try {
      const chain = await this.chains.beginAlone(op, base, mounts.volumes);
      try {
        await this.runWith(mounts, op, chain.container, vertex, options);
        return await this.chains.end(vertex, mounts.points.length === 0 ? chain : await this.chains.leaveVolumes(op, chain, mounts.points));
      } catch (error) {
        await this.chains.abandon(chain).catch(() => undefined);
        throw error;
      }
    } finally {
      await mounts.release();
    }
  }

  private async runWith({ files, secretEnv, hidden }: PreparedMounts, op: ExecOp, container: StepContainer, { unkeyedEnv = [] }: Vertex, options: ApplyOptions): Promise<void> {
    try {
      await files.show(container, options);
      await runExec({ op: { ...op, env: withVariables(op.env, unkeyedEnv) }, secretEnv, hidden }, container, options);
    } finally {
      files.close();
    }
    await files.hide(container, options);
  }

  /** What is in an image, each looked into by one container. */
  private filesOf(image: string): Promise<TargetFiles> {
    const known = this.looked.get(image) ?? this.look(image).then((id) => new TargetFiles(this.parts.client.containers, id, this.signal));
    this.looked.set(image, known);
    return known;
  }

  /** Its layers are brought here: an engine gives them away only as an archive of a whole image, and this one has no others. */
  private async merge(input: CopyInput, { container }: Chain, { signal }: ApplyOptions): Promise<void> {
    if (input.kind !== 'snapshot') throw new InternalError('only states are merged');
    const { client, store } = this.parts;
    const { Id, RootFS: { Layers = [] } } = await this.trees.need(input.snapshot);
    if (Layers.length > 0) await applyMerge(await bringImage(Id, client, store, signal), container.target, signal);
  }

  /** A container that is only looked into. */
  private async look(image: string): Promise<string> {
    const { client } = this.parts;
    const id = await client.containers.create({ Image: image, Entrypoint: ['/'], Cmd: [], Labels: this.temporary.labels, HostConfig: { NetworkMode: 'none' } }, { signal: this.signal });
    this.temporary.addContainer(id);
    return id;
  }

  private async taken(mount: BindMount | CacheMount, input: CopyInput): Promise<CopySource> {
    const [read] = mountRead(mount);
    if (read === undefined) throw new InternalError('this mount reads nothing');
    return this.copies.take(read.op, input);
  }

  private async baseOf({ reference }: SourceOp): Promise<Parameters<Trees['see']>[0]> {
    const image = await this.parts.client.images.inspect(reference.slice(reference.indexOf('@') + 1), this.signal);
    if (image !== undefined) return image;
    throw new OperatorError('IMAGE_MISSING', `the base image ${reference} is not in the engine any more`);
  }
}

/** The owner is a number here, or nobody: others need files of the image, which are read before a program runs. */
function makeDirectory({ path, mode, owner = '0:0' }: MkdirOp, container: StepContainer, { signal }: ApplyOptions): Promise<void> {
  const [uid = 0, gid = 0] = owner.split(':').map(Number);
  return container.makeDirectory(path, { uid, gid, mode: mode & 0o777 }, signal);
}

function inputOf({ input }: Pick<CopyOp, 'input'>, inputs: readonly CopyInput[]): CopyInput {
  const found = inputs[input];
  if (found === undefined) throw new InternalError(`a copy has no input ${input}`);
  return found;
}

/** The environment with more variables, which win. */
function withVariables(env: readonly string[], added: readonly string[]): readonly string[] {
  const nameOf = (entry: string): string => entry.slice(0, entry.indexOf('='));
  const names = new Set(added.map(nameOf));
  return [...env.filter((entry) => !names.has(nameOf(entry))), ...added];
}
