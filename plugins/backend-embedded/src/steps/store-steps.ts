import { StrakeError, type ApplyOptions, type ContainerConfig, type CopyInput, type CopyOp, type Digest, type Image, type Layer, type SnapshotReference, type StepImage, type StepImages, type StepToMake, type Vertex } from '@strake/api';
import { findImage, hostPlatform, manifestFor, openImage, type Store } from '@strake/oci';
import type { DatedLayer } from '../stacks';
import { stepImageOf, type StepRecord } from './step-image-of';
import { writeStepImage } from './write-step-image';

/** What images of instructions are made with. */
export interface StoreStepParts {
  readonly store: Store;
  refer(image: StepImage): SnapshotReference;
  apply(vertex: Vertex, parent: SnapshotReference | null, inputs: readonly CopyInput[], options: ApplyOptions): Promise<SnapshotReference>;
  layersOf(root: SnapshotReference): Promise<readonly DatedLayer[]>;
  /** Undefined where a dry run cannot look into what is copied. */
  sums(op: CopyOp, input: CopyInput): Promise<readonly string[] | undefined>;
}

/** Images of instructions in strake's store: ordinary images, each with a record of the one that it was made on. */
export class StoreSteps implements StepImages {
  private readonly parts: StoreStepParts;
  private index: Map<Digest | null, Set<Digest>> | undefined;

  constructor(parts: StoreStepParts) {
    this.parts = parts;
  }

  async children(parent: Digest | null): Promise<readonly StepImage[]> {
    return [...(this.childrenOf().get(parent) ?? [])].flatMap((id) => this.read(id) ?? []);
  }

  async find(reference: string): Promise<StepImage | undefined> {
    const { store } = this.parts;
    try {
      return this.stepImage(openImage(store, manifestFor(store, findImage(store, reference).manifest, hostPlatform(), reference)));
    } catch (error) {
      if (error instanceof StrakeError && error.code === 'IMAGE_MISSING') return undefined;
      throw error;
    }
  }

  sums(op: CopyOp, input: CopyInput): Promise<readonly string[] | undefined> {
    return this.parts.sums(op, input);
  }

  tree(image: StepImage): SnapshotReference {
    return this.parts.refer(image);
  }

  async make({ parent, vertex, inputs, ...step }: StepToMake, options: ApplyOptions): Promise<StepImage> {
    const below = parent === null ? null : this.tree(parent);
    const before = parent === null ? [] : (await this.open(parent)).layers;
    const layers = vertex === undefined ? before : (await this.parts.layersOf(await this.parts.apply(vertex, below, inputs, options))).map(({ layer }) => layer);
    return this.keep(parent, writeStepImage(this.parts.store, { ...step, before, layers, history: parent?.history ?? [] }));
  }

  async restore(parent: StepImage | null, target: StepImage, containerConfig: ContainerConfig): Promise<StepImage> {
    const history = parent?.history ?? [];
    const entry = target.history[history.length] ?? {};
    const before = parent === null ? [] : (await this.open(parent)).layers;
    const layers = entry.empty_layer === true ? before : [...before, (await this.open(target)).layers[before.length] as Layer];
    const { platform, author } = target;
    const made = writeStepImage(this.parts.store, { platform, config: containerConfig, before, layers, history, entry, ...(author === undefined ? {} : { author }) });
    return this.keep(parent, made);
  }

  async adopt({ id }: StepImage, parent: StepImage): Promise<void> {
    this.record(id, parent.id);
  }

  async open({ id }: StepImage): Promise<Image> {
    const { store } = this.parts;
    return openImage(store, findImage(store, id).manifest);
  }

  private keep(parent: StepImage | null, image: Image): StepImage {
    this.record(image.configDescriptor.digest, parent?.id ?? null);
    return this.stepImage(image);
  }

  private record(id: Digest, parent: Digest | null): void {
    this.records().set(id, { parent });
    const index = this.childrenOf();
    for (const children of index.values()) children.delete(id);
    index.set(parent, (index.get(parent) ?? new Set()).add(id));
  }

  private childrenOf(): Map<Digest | null, Set<Digest>> {
    if (this.index !== undefined) return this.index;
    this.index = new Map();
    for (const [id, { parent }] of this.records().list()) this.index.set(parent, (this.index.get(parent) ?? new Set()).add(id));
    return this.index;
  }

  /** An image that was removed, or lost its bytes, is no child. */
  private read(id: Digest): StepImage | undefined {
    const { store } = this.parts;
    const record = store.images.get(id);
    if (record === undefined || !store.blobs.has(id) || !store.blobs.has(record.manifest.digest)) return undefined;
    return this.stepImage(openImage(store, record.manifest));
  }

  private stepImage(image: Image): StepImage {
    return stepImageOf(image, this.records().get(image.configDescriptor.digest));
  }

  private records() {
    return this.parts.store.cacheRecords<StepRecord>('classic');
  }
}
