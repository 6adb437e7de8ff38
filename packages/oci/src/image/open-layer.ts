import type { Descriptor, Digest, Layer } from '@strake/api';
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { decompressed, type ByteSource } from '../compression/decompressed';
import { packApart } from '../layer/pack-apart';
import type { Store } from '../store';
import { invalidStore } from '../store/store-errors';

/**
 * A layer of the store. `open` streams the blob, packs the snapshot again when no blob is kept, or brings the blob first; never more than a few
 * MiB are in memory. The stream fails with STORE_INVALID when the bytes are not what the descriptor says; `open` throws
 * it when they are nowhere.
 */
export function openLayer(store: Store, descriptor: Descriptor, diffId: Digest): Layer {
  // Chunk by chunk: a stream of bytes joins what has gathered, which copies it.
  return { descriptor, diffId, open: () => Readable.from(chunksOf(store, descriptor, diffId)) };
}

function chunksOf(store: Store, descriptor: Descriptor, diffId: Digest): ByteSource {
  const { digest } = descriptor;
  if (store.blobs.has(digest)) return verified(store.blobs.open(digest), descriptor, store.root);
  const { blob, snapshot, size = 0, epoch } = (digest === diffId ? store.layers.get(diffId) : undefined) ?? {};
  if (snapshot !== undefined && store.snapshots.get(snapshot) !== undefined) return packed(store, { snapshot, size, epoch }, diffId);
  if (store.remote.reachable(digest)) return brought(store, descriptor);
  if (blob === undefined || !store.blobs.has(blob.digest)) throw invalidStore(store.root, `the layer ${digest} is missing`);
  return verified(decompressed(store.blobs.open(blob.digest), `the layer ${blob.digest}`), descriptor, store.root);
}

async function* brought(store: Store, descriptor: Descriptor): AsyncGenerator<Buffer> {
  await store.remote.bring(descriptor);
  yield* verified(store.blobs.open(descriptor.digest), descriptor, store.root);
}

/** A layer that is packed from a snapshot. */
interface PackedHere {
  readonly snapshot: string;
  /** Bytes of the tar. */
  readonly size: number;
  readonly epoch: number | undefined;
}

async function* packed(store: Store, { snapshot, size, epoch }: PackedHere, diffId: Digest): AsyncGenerator<Buffer> {
  const { plain } = store.snapshots.get(snapshot) ?? {};
  const packed = yield* packApart(store.snapshots.directory(snapshot), { epoch, plain }, size);
  if (packed.diffId !== diffId) throw invalidStore(store.root, `the snapshot ${snapshot} should pack to ${diffId} but packs to ${packed.diffId}`);
}

async function* verified(source: AsyncIterable<Buffer>, { digest, size }: Descriptor, root: string): AsyncGenerator<Buffer> {
  const hash = createHash('sha256');
  let read = 0;
  for await (const chunk of source) {
    hash.update(chunk);
    read += chunk.length;
    yield chunk;
  }
  if (read !== size || `sha256:${hash.digest('hex')}` !== digest) throw invalidStore(root, `the blob ${digest} is damaged`);
}
