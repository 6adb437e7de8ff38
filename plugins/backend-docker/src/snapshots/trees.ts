import { isDeepStrictEqual } from 'node:util';
import { OperatorError, type Digest, type SnapshotReference } from '@strake/api';
import { chainIdOf, digestOf, type Records, type Store } from '@strake/oci';
import type { EngineImage, EngineImages } from '../engine';

/** What is known of a tree that an image of the engine holds. */
export interface TreeRecord {
  /** IDs of images with exactly these layers. */
  readonly images: readonly Digest[];
  /** The tree that its highest layer stands on; null for none. */
  readonly below: Digest | null;
  /** How many steps that layer holds. */
  readonly steps: number;
  /** When it was made: RFC 3339. */
  readonly created: string;
}

const TREE = 'tree:';
const STEP = 'step:';

/** What stands for a tree: the digest of its layers. Which images have it may change. */
export const treeReference = (chain: Digest): SnapshotReference => ({ id: TREE + chain });

/** What stands for a state that no image holds: it was made, and can be had only by making it again. */
export const stepReference = (vertex: Digest): SnapshotReference => ({ id: STEP + vertex });

/** The vertex of a reference to a state without an image. */
export const stepOf = ({ id }: SnapshotReference): Digest | undefined => (id.startsWith(STEP) ? (id.slice(STEP.length) as Digest) : undefined);

export const chainOf = ({ RootFS }: Pick<EngineImage, 'RootFS'>): Digest => chainIdOf(RootFS.Layers ?? []) ?? digestOf('');

/** The trees of an engine that builds know, by the digest of their layers. */
export class Trees {
  private readonly images: EngineImages;
  private readonly store: Store;
  private readonly folder: string;
  private readonly adopt: (image: EngineImage) => Promise<boolean>;
  private readonly found = new Map<Digest, EngineImage>();

  /** `folder` is the records' own: each engine has others. `adopt` keeps an image that another build may be about to remove; false when it has. */
  constructor(images: EngineImages, store: Store, folder: string, adopt: (image: EngineImage) => Promise<boolean>) {
    this.adopt = adopt;
    this.images = images;
    this.store = store;
    this.folder = folder;
  }

  /** An image that this build has looked at or made. */
  see(image: EngineImage): SnapshotReference {
    const chain = chainOf(image);
    this.found.set(chain, image);
    return treeReference(chain);
  }

  /** Remembers an image for later builds too. */
  record(image: EngineImage, more: Omit<TreeRecord, 'images'>): SnapshotReference {
    const reference = this.see(image);
    const known = this.get(chainOf(image));
    const record = { below: more.below, steps: more.steps, created: more.created, images: [...new Set([image.Id, ...(known?.images ?? [])])].slice(0, 8) };
    if (!isDeepStrictEqual(record, known)) this.records().set(chainOf(image), record);
    return reference;
  }

  get(chain: Digest): TreeRecord | undefined {
    return this.records().get(chain);
  }

  /** An image with the tree; undefined when the engine has none any more. */
  async find({ id }: SnapshotReference): Promise<EngineImage | undefined> {
    if (!id.startsWith(TREE)) return undefined;
    const chain = id.slice(TREE.length) as Digest;
    const seen = this.found.get(chain);
    if (seen !== undefined) return seen;
    for (const image of this.get(chain)?.images ?? []) {
      const found = await this.images.inspect(image);
      if (found === undefined || chainOf(found) !== chain || !(await this.adopt(found))) continue;
      this.found.set(chain, found);
      return found;
    }
    return undefined;
  }

  async need(reference: SnapshotReference): Promise<EngineImage> {
    const image = await this.find(reference);
    if (image === undefined) throw new OperatorError('ENGINE_FAILED', `the engine has no image of the tree ${reference.id} any more`, { hint: 'Something else removed it: build again.' });
    return image;
  }

  private records(): Records<TreeRecord> {
    return this.store.cacheRecords<TreeRecord>(`${this.folder}-trees`);
  }
}
