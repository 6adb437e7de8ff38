import { isOfKind, type Digest, type Image, type Layer, type RestoredLayer } from '@strake/api';
import { MEDIA_TYPES, openLayer, type ChainRecord, type Store } from '@strake/oci';
import { chainDigest } from './chain-digest';

/** A layer, and when the step was made that it is of, where that is known. */
export interface DatedLayer {
  readonly layer: Layer;
  /** RFC 3339. */
  readonly created: string | undefined;
}

type Stack = readonly DatedLayer[];

const MOST_LAYERS = 1000;

/**
 * Stacks of layers by their chain IDs: those of base images, and those that caches outside the store told of, which the store remembers for later builds.
 * None of their bytes need be here.
 */
export class Stacks {
  private readonly store: Store;
  private readonly stacks = new Map<Digest, Stack>();
  private readonly baseLayers = new Map<Digest, Layer>();
  private readonly bases = new Set<Digest>();
  private readonly recorded = new Set<Digest>();
  /** Blobs that could not be had, or are not what they should be. */
  private readonly lost = new Set<Digest>();

  constructor(store: Store) {
    this.store = store;
  }

  /** Remembers a base image. */
  addBase({ config, layers }: Image): Digest {
    const chain = chainDigest(config.rootfs.diff_ids);
    for (const layer of layers) this.baseLayers.set(layer.diffId, layer);
    this.stacks.set(chain, layers.map((layer) => ({ layer, created: undefined })));
    this.bases.add(chain);
    return chain;
  }

  isBase(chain: Digest): boolean {
    return this.bases.has(chain);
  }

  /** Remembers what a cache told of; undefined where a layer is nowhere. */
  add(layers: readonly RestoredLayer[]): Digest | undefined {
    const stack = layers.flatMap((layer) => this.located(layer) ?? []);
    if (stack.length < layers.length || layers.length === 0) return undefined;
    const chain = chainDigest(layers.map(({ diffId }) => diffId));
    if (this.bases.has(chain)) return chain;
    this.stacks.set(chain, stack);
    if (!this.store.readonly) this.record(stack);
    return chain;
  }

  /** Lowest first; undefined where nobody knows it any more. */
  get(chain: Digest): Stack | undefined {
    const known = this.stacks.get(chain);
    if (known !== undefined) return known;
    const found = this.load(chain);
    if (found !== undefined) this.stacks.set(chain, found);
    return found;
  }

  /** The snapshot that it was unpacked to. */
  unpacked(chain: Digest): string | undefined {
    const { snapshot } = this.store.chains.get(chain) ?? {};
    return snapshot !== undefined && this.store.snapshots.has(snapshot) ? snapshot : undefined;
  }

  /** Whether all of it is here or can be brought. */
  isThere(chain: Digest): boolean {
    if (this.bases.has(chain) || this.unpacked(chain) !== undefined) return true;
    return this.get(chain)?.every(({ layer }) => this.local(layer.diffId) !== undefined || this.isReachable(layer.descriptor.digest)) === true;
  }

  /** Its topmost layer cannot be had: what stands on it is made again. Only what is wrong for good is wrong for the next build too. */
  lose(chain: Digest, { descriptor, diffId }: Layer, error: unknown): void {
    if (this.baseLayers.has(diffId) || !isOfKind(error, 'StrakeError')) return;
    this.lost.add(descriptor.digest);
    const { code } = error as { readonly code?: string };
    if (this.store.readonly || (code !== 'DIGEST_MISMATCH' && code !== 'IMAGE_INVALID' && code !== 'IMAGE_MISSING')) return;
    const { snapshot } = this.store.chains.get(chain) ?? {};
    if (snapshot === undefined) this.store.chains.delete(chain);
    else this.store.chains.set(chain, { snapshot });
  }

  /** As a base image has it, as it is here, or as the cache has it. */
  private located({ diffId, descriptor, created }: RestoredLayer): DatedLayer | undefined {
    const layer = this.baseLayers.get(diffId) ?? this.local(diffId);
    if (layer !== undefined) return { layer, created };
    if (descriptor === undefined || !this.isReachable(descriptor.digest)) return undefined;
    this.store.remote.doubt(descriptor.digest, diffId);
    return { layer: openLayer(this.store, descriptor, diffId), created };
  }

  private isReachable(digest: Digest): boolean {
    return !this.lost.has(digest) && this.store.remote.reachable(digest);
  }

  private local(diffId: Digest): Layer | undefined {
    const { layers, blobs, snapshots } = this.store;
    const { blob, snapshot, size } = layers.get(diffId) ?? {};
    if (blob !== undefined && blobs.has(blob.digest)) return openLayer(this.store, blob, diffId);
    if (size === undefined || snapshot === undefined || snapshots.get(snapshot) === undefined) return undefined;
    return openLayer(this.store, { mediaType: MEDIA_TYPES.layer, digest: diffId, size }, diffId);
  }

  /** From the top down to what was recorded before: the lower stacks are those of earlier steps. */
  private record(stack: Stack): void {
    const diffIds = stack.map(({ layer }) => layer.diffId);
    for (let height = stack.length; height > 0; height -= 1) {
      const chain = chainDigest(diffIds.slice(0, height));
      const { layer: { diffId, descriptor }, created } = stack[height - 1] as DatedLayer;
      if (this.recorded.has(chain)) return;
      this.recorded.add(chain);
      const known = this.store.chains.get(chain);
      const { mediaType, digest, size } = descriptor;
      const below = height === 1 ? null : chainDigest(diffIds.slice(0, height - 1));
      this.store.chains.set(chain, { ...known, layer: { diffId, blob: { mediaType, digest, size }, ...(created === undefined ? {} : { created }), below } });
    }
  }

  private load(chain: Digest): Stack | undefined {
    const found: DatedLayer[] = [];
    for (let next: Digest | null = chain; next !== null; ) {
      const unpacked = this.unpacked(next);
      if (unpacked !== undefined) {
        const below = this.ofSnapshot(unpacked);
        return below && [...below, ...found.reverse()];
      }
      const record: ChainRecord | undefined = this.store.chains.get(next);
      if (record?.layer === undefined || found.length > MOST_LAYERS) return undefined;
      const { diffId, blob, created, below }: NonNullable<ChainRecord['layer']> = record.layer;
      const dated = this.located({ diffId, descriptor: blob, ...(created === undefined ? {} : { created }) });
      if (dated === undefined) return undefined;
      found.push(dated);
      next = below;
    }
    return found.reverse();
  }

  private ofSnapshot(id: string): Stack | undefined {
    const { snapshots } = this.store;
    const layers = snapshots.chain(id).map((one): DatedLayer | undefined => {
      const { diffId, created } = snapshots.get(one) ?? {};
      const layer = diffId === undefined ? undefined : this.local(diffId);
      return layer && { layer, created };
    });
    return layers.every((layer) => layer !== undefined) ? layers.reverse() : undefined;
  }
}

/** The chain ID that a reference to a stack has; undefined for references to snapshots. */
export function chainOf({ id }: { readonly id: string }): Digest | undefined {
  return id.startsWith(PREFIX) ? (id.slice(PREFIX.length) as Digest) : undefined;
}

/** A reference to a stack. */
export function referTo(chain: Digest): { readonly id: string } {
  return { id: PREFIX + chain };
}

const PREFIX = 'chain:';
