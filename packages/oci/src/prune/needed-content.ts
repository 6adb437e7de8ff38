import type { Digest } from '@strake/api';
import { ABSENT_SNAPSHOT, StrakeError } from '@strake/api';
import { parseDigest } from '../digest';
import { chainIdOf } from '../image/chain-id';
import { isIndex, parseConfig, parseManifest, type Manifest } from '../image/read-manifest';
import type { ChainLayer, ChainRecord } from '../store/records';
import type { Store } from '../store/store';

/** What the snapshots of cache records begin with that stand for stacks of layers: a chain ID follows. */
const CHAIN = 'chain:';
const MOST_LAYERS = 1000;

/** What must stay in a store. */
export interface NeededContent {
  /** IDs. */
  readonly images: ReadonlySet<Digest>;
  readonly blobs: ReadonlySet<Digest>;
  readonly snapshots: ReadonlySet<string>;
}

/** Who counts: images with a name; all images; those and what makes the next build fast: cache records, unpacked base images. */
export type Needing = 'named' | 'images' | 'cached';

/** Finds what is needed in a store. An image that is damaged needs its own bytes only. */
export function neededContent(store: Store, needing: Needing): NeededContent {
  const cached = needing === 'cached';
  const needs = new Needs(store, cached);
  for (const { manifest } of store.names.list()) needs.manifest(manifest.digest);
  for (const { id, manifest } of store.images.list()) {
    if (needing === 'named' && !needs.images.has(id)) continue;
    needs.images.add(id);
    // The same image may be stored compressed otherwise than under its name.
    needs.manifest(manifest.digest);
  }
  if (cached) for (const kind of ['keys', 'sources']) for (const [, { snapshot }] of store.cacheRecords<CachedSnapshot>(kind).list()) needs.snapshot(snapshot);
  return needs;
}

/** What one stored image needs. */
export function contentOfImage(store: Store, manifest: Digest): NeededContent {
  const needs = new Needs(store, false);
  needs.manifest(manifest);
  return needs;
}

/** As much as matters here of what a cache strategy records under a key. */
export interface CachedSnapshot {
  readonly snapshot: string;
}

class Needs implements NeededContent {
  readonly images = new Set<Digest>();
  readonly blobs = new Set<Digest>();
  readonly snapshots = new Set<string>();
  readonly #store: Store;
  readonly #unpacked: boolean;

  constructor(store: Store, unpacked: boolean) {
    this.#store = store;
    this.#unpacked = unpacked;
  }

  manifest(digest: Digest): void {
    if (this.blobs.has(digest)) return;
    this.blobs.add(digest);
    const manifest = this.#read(digest, parseManifest);
    if (manifest === undefined) return;
    if (isIndex(manifest)) for (const child of manifest.manifests) this.manifest(child.digest);
    else this.#image(manifest);
  }

  snapshot(id: string): void {
    if (id.startsWith(CHAIN)) this.#chain(id);
    if (id === ABSENT_SNAPSHOT.id) this.snapshots.add(id);
    for (let next: string | null = id; next !== null && !this.snapshots.has(next); ) {
      const record = this.#store.snapshots.get(next);
      if (record === undefined) return;
      this.snapshots.add(next);
      if (record.of !== undefined) this.snapshot(record.of);
      next = record.parent;
    }
  }

  /** A stack that a cache outside the store told of is needed, layer by layer, down to where it is unpacked. */
  #chain(id: string): void {
    const layers: ChainLayer[] = [];
    const chains: string[] = [];
    for (let next: Digest | null = parseDigest(id.slice(CHAIN.length)); next !== null; ) {
      const record: ChainRecord | undefined = this.#store.chains.get(next);
      const { snapshot, layer } = record ?? {};
      if (snapshot !== undefined && this.#store.snapshots.has(snapshot)) {
        this.snapshot(snapshot);
        break;
      }
      if (layer === undefined || layers.length > MOST_LAYERS) return;
      layers.push(layer);
      chains.push(next);
      next = layer.below;
    }
    for (const { diffId, blob } of layers) {
      this.blobs.add(blob.digest);
      this.#layer(diffId);
    }
    for (const chain of chains) this.snapshots.add(CHAIN + chain);
    this.snapshots.add(id);
  }

  #image({ config, layers }: Manifest): void {
    this.images.add(config.digest);
    this.blobs.add(config.digest);
    for (const { digest } of layers) this.blobs.add(digest);
    const diffIds = this.#read(config.digest, parseConfig)?.rootfs.diff_ids ?? [];
    for (const diffId of diffIds) this.#layer(diffId);
    if (this.#unpacked) this.#chains(diffIds);
  }

  /** A layer is there as a blob, or else as the snapshot that it is packed from. */
  #layer(diffId: Digest): void {
    const { blob, snapshot, compressed = {} } = this.#store.layers.get(diffId) ?? {};
    // Like the build cache: it could be made again.
    if (this.#unpacked) for (const { digest } of Object.values(compressed)) this.blobs.add(digest);
    if (blob !== undefined) this.blobs.add(blob.digest);
    const isBlob = this.#store.blobs.has(diffId) || (blob !== undefined && this.#store.blobs.has(blob.digest));
    if (snapshot !== undefined && (this.#unpacked || !isBlob)) this.snapshot(snapshot);
  }

  #chains(diffIds: readonly Digest[]): void {
    for (let height = 1; height <= diffIds.length; height += 1) {
      const chain = chainIdOf(diffIds.slice(0, height));
      const snapshot = chain === undefined ? undefined : this.#store.chains.get(chain)?.snapshot;
      if (snapshot !== undefined) this.snapshot(snapshot);
    }
  }

  #read<T>(digest: Digest, parse: (bytes: Buffer, what: string) => T): T | undefined {
    try {
      return parse(this.#store.blobs.read(digest), digest);
    } catch (error) {
      if (error instanceof StrakeError) return undefined;
      throw error;
    }
  }
}
