import type { ApplyOptions, ArchiveOptions, BackendSession, CopyInput, CopyOp, Digest, GraphResult, Image, ImageOptions, Selection, SnapshotReference, SourceOp, StepImages, Vertex } from '@strake/api';
import { bringImage } from '../image/bring-image';
import { makeResult } from '../image/make-result';
import { chainOf } from '../snapshots/trees';
import { layeredTree } from '../tree/layered-tree';
import { treeArchive } from '../tree/tree-archive';
import { assemble, type Assembled, type SessionParts } from './assemble';
import { baseImage } from './base-image';
import { Scratch } from './scratch';

/** One build in an engine. Nothing is made before a step needs it. */
export class DockerSession implements BackendSession {
  readonly steps: StepImages;
  private readonly parts: SessionParts;
  private readonly own: Assembled;
  private readonly scratch = new Scratch();
  private readonly ending = new AbortController();
  private readonly signal: AbortSignal;
  private readonly running = new Set<Promise<unknown>>();

  constructor(parts: SessionParts) {
    this.parts = parts;
    this.signal = AbortSignal.any([parts.options.signal, this.ending.signal]);
    this.own = assemble(parts, this.scratch.path, this.signal);
    this.steps = this.own.steps;
  }

  async sourceDigest(op: SourceOp, options?: ApplyOptions): Promise<Digest> {
    return op.scheme === 'image' ? chainOf(await baseImage(op, this.parts.client.images, this.signal)) : this.own.sources.identity(op, options);
  }

  async source(op: SourceOp): Promise<SnapshotReference> {
    return op.scheme === 'image' ? this.own.trees.see(await baseImage(op, this.parts.client.images, this.signal)) : this.own.copies.refer(op);
  }

  async select(op: CopyOp, input: CopyInput): Promise<Selection> {
    return this.own.copies.select(op, input);
  }

  async has(snapshot: SnapshotReference): Promise<boolean> {
    if ((await this.own.trees.find(snapshot)) !== undefined) return true;
    this.own.chains.missed(snapshot);
    return false;
  }

  async apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference> {
    const { composer, vertices } = this.own;
    // Nothing has run when this throws UNSUPPORTED.
    const work = this.scratch.during(composer().then(() => vertices.apply(vertex, parent, inputs, { ...options, signal: AbortSignal.any([options.signal, this.signal]) })));
    const settled = work.catch(() => undefined).finally(() => this.running.delete(settled));
    this.running.add(settled);
    return work;
  }

  async image(result: GraphResult, root: SnapshotReference | null, options: ImageOptions = {}): Promise<Image> {
    const { client, store } = this.parts;
    const { composer, temporary, trees, uses } = this.own;
    const parts = { client, compose: await composer(), store, trees, uses, scratch: this.scratch.path, keep: (id: Digest) => temporary.addImage(id, true), signal: this.signal };
    return this.scratch.during(makeResult(result, root, options, parts));
  }

  /** Of the layers: in a container an engine hides some files of an image. */
  async *archive(root: SnapshotReference | null, options: ArchiveOptions): AsyncGenerator<Buffer, void, undefined> {
    const { client, store } = this.parts;
    const image = root === null ? undefined : await this.own.trees.need(root);
    const { layers } = image?.RootFS.Layers?.length ? await bringImage(image.Id, client, store, this.signal) : { layers: [] };
    const tree = await this.scratch.during(layeredTree(layers, this.scratch.file('archive')));
    try {
      yield* treeArchive(tree, options);
    } finally {
      tree.close();
    }
  }

  async close(): Promise<void> {
    const { copies, temporary } = this.own;
    this.ending.abort();
    await Promise.all(this.running);
    await this.parts.reclaiming;
    try {
      await temporary.close();
    } finally {
      await copies.close();
      this.scratch.remove();
    }
  }
}
